using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class KeyLayoutTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly RepositoryName Name = new("team/app");
    private static readonly Digest Nothing = Digest.Of(DigestAlgorithm.Sha256, []);

    [Fact]
    public void Keys_are_those_of_dockers_registry()
    {
        Assert.Equal($"docker/registry/v2/blobs/sha256/e3/{Hex}/data", KeyLayout.BlobData(Nothing));
        Assert.Equal($"docker/registry/v2/repositories/team/app/_layers/sha256/{Hex}/link", KeyLayout.LayerLink(Name, Nothing));
        Assert.Equal($"docker/registry/v2/repositories/team/app/_manifests/revisions/sha256/{Hex}/link", KeyLayout.RevisionLink(Name, Nothing));
        Assert.Equal("docker/registry/v2/repositories/team/app/_manifests/tags/v1/", KeyLayout.Tag(Name, "v1"));
        Assert.Equal("docker/registry/v2/repositories/team/app/_manifests/tags/v1/current/link", KeyLayout.TagCurrentLink(Name, "v1"));
        Assert.Equal($"docker/registry/v2/repositories/team/app/_manifests/tags/v1/index/sha256/{Hex}/link", KeyLayout.TagIndexLink(Name, "v1", Nothing));
        Assert.Equal($"docker/registry/v2/repositories/team/app/_referrers/sha256/{Hex}/sha256/{Hex}/link", KeyLayout.ReferrerLink(Name, Nothing, Nothing));
        Assert.Equal("docker/registry/v2/repositories/team/app/_uploads/1/data", KeyLayout.UploadData(Name, "1"));
    }
}
