namespace LocalRegistry.Registry.Cache;

/// <summary>The node's cache on disk, as <c>registry serve --cache</c> asks for it.</summary>
/// <param name="Directory">Where it lies. It is the cache's alone.</param>
/// <param name="Size">The most bytes that it takes.</param>
internal sealed record NodeCacheSettings(string Directory, long Size)
{
    /// <summary>The bytes of its file system that it leaves free, whoever takes the others (<c>--cache-free</c>); null for a tenth of all.</summary>
    public long? Free { get; init; }

    /// <summary>Whether what lies on disk is served while the store cannot be asked whether it still holds (<c>--cache-stale</c>).</summary>
    public bool ServesStale { get; init; } = true;

    /// <summary>How often each entry is read again and its digest checked (<c>--cache-verify</c>).</summary>
    public TimeSpan VerifyInterval { get; init; } = TimeSpan.FromDays(1);
}
