namespace LocalRegistry.Testbed;

/// <summary>One check in a LocalRegistry's status, as the API server has it.</summary>
public sealed record ResourceCheck(string Name, string Severity, string Outcome, string Reason, string Message);
