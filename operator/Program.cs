using LocalRegistry.Operator;

return await CommandLine.InvokeAsync(args);
