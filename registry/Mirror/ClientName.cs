using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Mirror;

/// <summary>A repository as a client names it, not checked.</summary>
/// <param name="Host">The image host that the client speaks of; null if it speaks of the bucket's own repositories.</param>
/// <param name="Name">The name below the host, or in the bucket.</param>
internal readonly record struct ClientName(MirroredHost? Host, string Name)
{
    // An image of Docker Hub whose name has one component is an official one, and those lie here.
    private const string OfficialImages = "library/";

    /// <summary>Whether it is <see cref="Canary.Repository"/>, which every image host has and the bucket has not.</summary>
    public bool IsCanary => Host is not null && Name == Canary.Repository;

    /// <summary>Gives the repository's name in the bucket; false if there can be none of that name.</summary>
    public bool TryMap(out RepositoryName name) => RepositoryName.TryParse(InBucket(), out name);

    /// <inheritdoc/>
    public override string ToString() => Host is null ? Name : $"{Host.Host}/{Name}";

    private string InBucket()
    {
        if (Host is null)
        {
            return Name;
        }

        string official = Host.Host == ImageHost.DockerHub && !Name.Contains('/') ? OfficialImages : "";
        return Host.Prefix.Length == 0 ? official + Name : $"{Host.Prefix}/{official}{Name}";
    }
}
