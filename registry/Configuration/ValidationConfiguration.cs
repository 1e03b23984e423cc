namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>validation</c> section: what is asked of the content that a pushed manifest names.</summary>
public sealed record ValidationConfiguration
{
    /// <summary>Whether the blobs of a manifest must be there; only <c>validation.disabled</c> says that they need not.</summary>
    public bool NeedsBlobs { get; init; } = true;

    /// <summary>Which images of an index must be there.</summary>
    public IndexCheck Indexes { get; init; } = IndexCheck.All;

    /// <summary>The platforms of <see cref="IndexCheck.List"/>.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    /// <summary>Which URLs may be named; null for any, which is so without the section.</summary>
    public UrlRules? Urls { get; init; }

    /// <summary>Whether an image of an index must be there.</summary>
    /// <param name="platform">What the index says that it runs on; null if it does not say.</param>
    public bool NeedsImage(ImagePlatform? platform) => Indexes switch
    {
        IndexCheck.None => false,
        IndexCheck.List => platform is not { } named || Platforms.Contains(named),
        _ => true,
    };
}
