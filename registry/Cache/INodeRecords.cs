namespace LocalRegistry.Registry.Cache;

/// <summary>
/// Small facts that outlive the process, such as what a tag named when the store was asked last. They are hints: one may be gone at any time, since
/// they have their share of the node's disk as content has. None of the calls fails: what the disk refuses is not there.
/// </summary>
internal interface INodeRecords
{
    /// <summary>The most bytes of a value.</summary>
    public const int MaximumLength = 1024;

    /// <summary>The value under a key; null if there is none.</summary>
    byte[]? Read(string key);

    /// <summary>Puts a value under a key, in place of what was there.</summary>
    void Write(string key, ReadOnlySpan<byte> value);

    /// <summary>Forgets what is under a key.</summary>
    void Remove(string key);
}
