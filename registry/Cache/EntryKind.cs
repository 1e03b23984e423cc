namespace LocalRegistry.Registry.Cache;

/// <summary>What an entry of the cache is, and with that, where its file lies.</summary>
internal enum EntryKind
{
    /// <summary>Content with a SHA-256 digest.</summary>
    Sha256,

    /// <summary>Content with a SHA-512 digest.</summary>
    Sha512,

    /// <summary>A small fact of <see cref="INodeRecords"/>.</summary>
    Record,
}
