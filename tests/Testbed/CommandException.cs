namespace LocalRegistry.Testbed;

/// <summary>A command ended with another exit code than 0, or ran longer than it may.</summary>
public sealed class CommandException(string message) : Exception(message);
