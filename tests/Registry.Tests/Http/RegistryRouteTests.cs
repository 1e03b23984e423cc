using LocalRegistry.Registry.Http;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class RegistryRouteTests
{
    [Theory]
    [InlineData("/v2", nameof(RouteKind.Base), "", "")]
    [InlineData("/v2/", nameof(RouteKind.Base), "", "")]
    [InlineData("/v2/_catalog", nameof(RouteKind.Catalog), "", "")]
    [InlineData("/v2/a/tags/list", nameof(RouteKind.Tags), "a", "")]
    [InlineData("/v2/a/b/c/tags/list", nameof(RouteKind.Tags), "a/b/c", "")]
    [InlineData("/v2/a/manifests/latest", nameof(RouteKind.Manifest), "a", "latest")]
    [InlineData("/v2/a/manifests/sha256:00", nameof(RouteKind.Manifest), "a", "sha256:00")]
    [InlineData("/v2/a/blobs/sha256:00", nameof(RouteKind.Blob), "a", "sha256:00")]
    [InlineData("/v2/a/blobs/uploads", nameof(RouteKind.Uploads), "a", "")]
    [InlineData("/v2/a/blobs/uploads/", nameof(RouteKind.Uploads), "a", "")]
    [InlineData("/v2/a/blobs/uploads/1", nameof(RouteKind.Upload), "a", "1")]
    [InlineData("/v2/blobs/blobs/sha256:00", nameof(RouteKind.Blob), "blobs", "sha256:00")]
    [InlineData("/v2/blobs/uploads/blobs/uploads/", nameof(RouteKind.Uploads), "blobs/uploads", "")]
    [InlineData("/v2/blobs/uploads/blobs/uploads/1", nameof(RouteKind.Upload), "blobs/uploads", "1")]
    [InlineData("/v2/blobs/uploads/manifests/t", nameof(RouteKind.Manifest), "blobs/uploads", "t")]
    [InlineData("/v2/a/blobs/manifests/t", nameof(RouteKind.Manifest), "a/blobs", "t")]
    [InlineData("/v2/manifests/manifests/manifests", nameof(RouteKind.Manifest), "manifests", "manifests")]
    [InlineData("/v2/a/manifests/tags/list", nameof(RouteKind.Tags), "a/manifests", "")]
    [InlineData("/v2/tags/list/tags/list", nameof(RouteKind.Tags), "tags/list", "")]
    [InlineData("/v2/a/tags/manifests/list", nameof(RouteKind.Manifest), "a/tags", "list")]
    [InlineData("/v2/uploads/blobs/sha256:00", nameof(RouteKind.Blob), "uploads", "sha256:00")]
    [InlineData("/v2//manifests/t", nameof(RouteKind.Manifest), "", "t")]
    [InlineData("/v2/a/referrers/sha256:00", nameof(RouteKind.Referrers), "a", "sha256:00")]
    [InlineData("/v2/a/b/referrers/", nameof(RouteKind.Referrers), "a/b", "")]
    [InlineData("/v2/referrers/referrers/referrers", nameof(RouteKind.Referrers), "referrers", "referrers")]
    [InlineData("/v2/a/manifests/referrers/sha256:00", nameof(RouteKind.Referrers), "a/manifests", "sha256:00")]
    [InlineData("/v2/a/referrers/manifests/t", nameof(RouteKind.Manifest), "a/referrers", "t")]
    [InlineData("/v2/referrers/manifests/referrers", nameof(RouteKind.Manifest), "referrers", "referrers")]
    [InlineData("/v2/referrers/tags/list", nameof(RouteKind.Tags), "referrers", "")]
    [InlineData("/v2/a/referrers/tags/list", nameof(RouteKind.Tags), "a/referrers", "")]
    [InlineData("/v2/referrers/blobs/sha256:00", nameof(RouteKind.Blob), "referrers", "sha256:00")]
    [InlineData("/v2/a/referrers/blobs/uploads/", nameof(RouteKind.Uploads), "a/referrers", "")]
    [InlineData("/v2/a/referrers/blobs/uploads", nameof(RouteKind.Uploads), "a/referrers", "")]
    [InlineData("/v2/a/blobs/uploads/referrers", nameof(RouteKind.Upload), "a", "referrers")]
    [InlineData("/v2/a/manifests/", nameof(RouteKind.Manifest), "a", "")]
    public void Parse_endpoint_gives_kind_name_and_argument(string path, string kind, string name, string argument) =>
        Assert.Equal((kind, name, argument), Describe(path));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v1/")]
    [InlineData("/v2x")]
    [InlineData("/V2/")]
    [InlineData("/v2/a")]
    [InlineData("/v2/_catalog/")]
    [InlineData("/v2/manifests/t")]
    [InlineData("/v2/blobs/sha256:00")]
    [InlineData("/v2/tags/list")]
    [InlineData("/v2/referrers/sha256:00")]
    [InlineData("/v2/a/referrers")]
    [InlineData("/v2/a/referrers/sha256:00/x")]
    [InlineData("/v2/a/tags")]
    [InlineData("/v2/a/tags/list/")]
    [InlineData("/v2/a/tags/other")]
    [InlineData("/v2/a/manifests/t/x")]
    [InlineData("/v2/a/blobs/uploads/1/2")]
    [InlineData("/debug/health")]
    public void Parse_other_path_is_no_endpoint(string path) => Assert.Equal((nameof(RouteKind.None), "", ""), Describe(path));

    private static (string Kind, string Name, string Argument) Describe(string path)
    {
        var route = RegistryRoute.Parse(path);
        return (route.Kind.ToString(), route.Name ?? "", route.Argument ?? "");
    }
}
