namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>auth.htpasswd</c> section: who may use the registry is said by a file of names and bcrypt hashes.</summary>
public sealed record HtpasswdConfiguration
{
    /// <summary>What clients are told that they log in to; printable ASCII without quotation marks and backslashes.</summary>
    public required string Realm { get; init; }

    /// <summary>The file's path.</summary>
    public required string Path { get; init; }
}
