namespace LocalRegistry.Registry.Configuration;

/// <summary>Which images of a pushed index must be there (<c>validation.manifests.indexes.platforms</c>).</summary>
public enum IndexCheck
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>None of them.</summary>
    None,

    /// <summary>Those of <c>platformlist</c>, and those that name no platform.</summary>
    List,
}
