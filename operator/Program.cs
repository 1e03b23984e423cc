using LocalRegistry.Operator;

return await CommandLine.Build().Parse(args).InvokeAsync();
