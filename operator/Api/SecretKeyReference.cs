namespace LocalRegistry.Operator.Api;

/// <summary>A key of a Secret in the resource's namespace.</summary>
public sealed record SecretKeyReference
{
    /// <summary>The key that holds the file, if the resource names none.</summary>
    public const string DefaultKey = "credentials";

    /// <summary>The Secret's name.</summary>
    public required string Name { get; init; }

    /// <summary>The key whose value is a shared credentials file.</summary>
    public string Key { get; init; } = DefaultKey;

    /// <summary>Whether the Secret, or the key in it, may be absent. The registry then has its pod's own identity.</summary>
    public bool Optional { get; init; }
}
