using System.Net;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Tests.Mirror;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class PrefixTests
{
    [Fact]
    public async Task Whole_api_lies_below_the_prefix_and_its_links_too()
    {
        await using TestRegistry registry = await StartAsync();
        byte[] content = TestContent.Bytes(100);
        string digest = TestContent.Sha256(content);

        using HttpResponseMessage begun = await registry.SendAsync(HttpMethod.Post, "/team/registry/v2/app/blobs/uploads/");
        using HttpResponseMessage finished = await registry.FinishAsync(begun.Headers.Location!.AbsolutePath, digest, content);
        using HttpResponseMessage pulled = await registry.GetAsync(finished.Headers.Location!.AbsolutePath);
        byte[] manifest = TestContent.Manifest(MediaTypes.OciManifest, content, "v1");
        List<string> locations = [];
        foreach (string tag in (string[])["v1", "v2"])
        {
            using HttpResponseMessage put = await registry.SendAsync(
                HttpMethod.Put, $"/team/registry/v2/app/manifests/{tag}", manifest, ("Content-Type", MediaTypes.OciManifest));
            locations.Add(put.Header("Location"));
        }

        using HttpResponseMessage tags = await registry.GetAsync("/team/registry/v2/app/tags/list?n=1");
        using HttpResponseMessage rest = await registry.GetAsync(tags.Header("Link").Split('<', '>')[1]);

        Assert.StartsWith("/team/registry/v2/app/blobs/uploads/", begun.Headers.Location.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal($"/team/registry/v2/app/blobs/{digest}", finished.Headers.Location.AbsolutePath);
        Assert.Equal(content, await pulled.BytesAsync());
        Assert.All(locations, l => Assert.StartsWith($"{registry.Url}team/registry/v2/app/manifests/sha256:", l, StringComparison.Ordinal));
        Assert.Equal("""</team/registry/v2/app/tags/list?last=v1&n=1>; rel="next" """.TrimEnd(), tags.Header("Link"));
        Assert.Equal("""{"name":"app","tags":["v2"]}""", (await rest.JsonAsync()).GetRawText());
    }

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/team/registry/v2", 200)]
    [InlineData("/team/registry/v2/", 200)]
    [InlineData("/team/registry/v2/_catalog", 200)]
    [InlineData("/v2/", 404)]
    [InlineData("/v2/_catalog", 404)]
    [InlineData("/team/registry", 404)]
    [InlineData("/team/registry/", 404)]
    [InlineData("/team/registryv2/", 404)]
    [InlineData("/team/registry//v2/", 404)]
    [InlineData("/Team/registry/v2/", 404)]
    public async Task Paths_are_answered_below_the_prefix_alone_but_for_the_probes(string path, int status)
    {
        await using TestRegistry registry = await StartAsync();

        using HttpResponseMessage response = await registry.GetAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("https://registry.example.com", false, "https://registry.example.com/team/registry/v2/app/blobs/uploads/")]
    [InlineData("https://registry.example.com/", false, "https://registry.example.com/team/registry/v2/app/blobs/uploads/")]
    [InlineData("https://example.com/images/", false, "https://example.com/images/v2/app/blobs/uploads/")]
    [InlineData("https://example.com/images", false, "https://example.com/images/v2/app/blobs/uploads/")]
    [InlineData("https://example.com/images", true, "/team/registry/v2/app/blobs/uploads/")]
    public async Task Locations_lie_under_the_path_that_clients_know(string host, bool relative, string expected)
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(c => c with
        {
            Http = c.Http with { Prefix = "/team/registry/", Host = new Uri(host), RelativeUrls = relative },
        });

        using HttpResponseMessage response = await registry.SendAsync(HttpMethod.Post, "/team/registry/v2/app/blobs/uploads/");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.StartsWith(expected, response.Header("Location"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/team/registry/docker.io/v2/library/nginx/blobs/uploads/", "")]
    [InlineData("/team/registry/v2/library/nginx/blobs/uploads/", "?ns=docker.io")]
    [InlineData("/team/registry/v2/docker.io/library/nginx/blobs/uploads/", "")]
    public async Task Mirrored_hosts_lie_below_the_prefix(string path, string query)
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(
            c => c with { Http = c.Http with { Prefix = "/team/registry/", RelativeUrls = true } }, mirrors: TestMirrors.Of(("docker.io", "hub")));

        using HttpResponseMessage response = await registry.SendAsync(HttpMethod.Post, path + query);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.StartsWith(path, response.Header("Location"), StringComparison.Ordinal);
        Assert.EndsWith(query, response.Header("Location"), StringComparison.Ordinal);
    }

    private static Task<TestRegistry> StartAsync() => TestRegistry.StartAsync(c => c with { Http = c.Http with { Prefix = "/team/registry/" } });
}
