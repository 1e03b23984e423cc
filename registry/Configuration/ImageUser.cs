namespace LocalRegistry.Registry.Configuration;

/// <summary>The user that the registry's image runs as: the one that .NET's images call <c>app</c>.</summary>
public static class ImageUser
{
    /// <summary>Its number, which is its group's as well.</summary>
    public const uint Number = 1654;
}
