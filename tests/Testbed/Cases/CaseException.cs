namespace LocalRegistry.Testbed.Cases;

/// <summary>The page of cases and the tests do not agree.</summary>
public sealed class CaseException(string message) : Exception(message);
