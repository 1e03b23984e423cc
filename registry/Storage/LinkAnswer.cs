using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage;

/// <summary>What is known of a link.</summary>
/// <param name="Digest">The digest that it holds or stands for; null if there is no such link.</param>
/// <param name="IsStale">Whether the store could not be asked, so that this is what it answered last.</param>
internal readonly record struct LinkAnswer(Digest? Digest, bool IsStale = false)
{
    /// <summary>Whether there is such a link.</summary>
    public bool Exists => Digest is not null;
}
