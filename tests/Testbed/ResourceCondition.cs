namespace LocalRegistry.Testbed;

/// <summary>One condition of a LocalRegistry, as the API server has it.</summary>
public sealed record ResourceCondition(string Type, string Status, string Reason, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type}={Status} ({Reason}: {Message})";
}
