namespace LocalRegistry.Registry.Configuration;

/// <summary>The registry's <c>config.yml</c>, read and checked. Keys, defaults and meanings are those of Docker's registry.</summary>
public sealed record RegistryConfiguration
{
    /// <summary>What is logged, and how.</summary>
    public LogConfiguration Log { get; init; } = new();

    /// <summary>Where content lies and what may be done to it.</summary>
    public required StorageConfiguration Storage { get; init; }

    /// <summary>Where and how the registry listens.</summary>
    public HttpConfiguration Http { get; init; } = new();

    /// <summary>What the registry watches to call itself healthy.</summary>
    public HealthConfiguration Health { get; init; } = new();

    /// <summary>Who may use the registry (<c>auth.htpasswd</c>); null for everybody.</summary>
    public HtpasswdConfiguration? Htpasswd { get; init; }

    /// <summary>What is asked of the content that a pushed manifest names.</summary>
    public ValidationConfiguration Validation { get; init; } = new();

    /// <summary>The most entries in one page of <c>/v2/_catalog</c> (<c>catalog.maxentries</c>).</summary>
    public int CatalogMaxEntries { get; init; } = 1000;

    /// <summary>The most entries in one page of a tag list (<c>tags.maxtags</c>).</summary>
    public int TagsMaxEntries { get; init; } = 1000;
}
