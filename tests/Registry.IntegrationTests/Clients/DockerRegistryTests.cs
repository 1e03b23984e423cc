using System.Net;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>Docker's own registry and ours, running on one bucket at the same time.</summary>
public sealed class DockerRegistryTests(S3Fixture s3) : IAsyncLifetime
{
    private readonly TestImages _images = new();
    private readonly HttpClient _client = new();
    private RegistryProcess? _ours;
    private DockerRegistry? _dockers;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Ours => _ours!.Address;

    private string Dockers => _dockers!.Address;

    public async ValueTask InitializeAsync()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        // Without the memory that would let it serve for a minute what another registry has deleted.
        _ours = await RegistryProcess.StartAsync(
            new RegistryFiles(RegistryFiles.DockerConfig(s3, bucket).Replace("  cache:\n    blobdescriptor: inmemory\n", "", StringComparison.Ordinal), S3Server.CredentialsFile),
            new KeyValuePair<string, string>("REGISTRY_STORAGE_DELETE_ENABLED", "true"));
        _dockers = await DockerRegistry.StartAsync(s3.Server, bucket, "/myroot", Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _ours!.DisposeAsync();
        await _dockers!.DisposeAsync();
        _client.Dispose();
        _images.Dispose();
    }

    [Fact]
    public async Task Dockers_registry_serves_what_ours_took_in()
    {
        TestImage image = await _images.CreateAsync();
        (string index, string indexDigest, _) = await _images.CreateIndexAsync();

        await Skopeo.CopyAsync(image.Reference, $"docker://{Ours}/team/app:v1", null, Token);
        await CopyAllAsync(index, $"docker://{Ours}/team/app:multi");

        await AssertServedAsync(Dockers, image, index, indexDigest);
    }

    [Fact]
    public async Task Ours_serves_what_dockers_registry_took_in()
    {
        TestImage image = await _images.CreateAsync();
        (string index, string indexDigest, _) = await _images.CreateIndexAsync();

        await Skopeo.CopyAsync(image.Reference, $"docker://{Dockers}/team/app:v1", null, Token);
        await CopyAllAsync(index, $"docker://{Dockers}/team/app:multi");

        await AssertServedAsync(Ours, image, index, indexDigest);
    }

    [Fact]
    public async Task Either_moves_a_tag_that_the_other_wrote_and_both_see_it()
    {
        TestImage first = await _images.CreateAsync();
        TestImage second = await _images.CreateAsync();
        TestImage third = await _images.CreateAsync();

        foreach ((TestImage image, string registry) in new[] { (first, Ours), (second, Dockers), (third, Ours) })
        {
            await Skopeo.CopyAsync(image.Reference, $"docker://{registry}/team/app:latest", null, Token);
            Assert.Equal(image.Digest, await Skopeo.DigestAsync($"docker://{Ours}/team/app:latest", null, Token));
            Assert.Equal(image.Digest, await Skopeo.DigestAsync($"docker://{Dockers}/team/app:latest", null, Token));
        }

        foreach (TestImage image in (TestImage[])[first, second])
        {
            await Skopeo.CopyAsync($"docker://{Dockers}/team/app@{image.Digest}", $"oci:{_images.NewFolder()}:latest", null, Token);
            await Skopeo.CopyAsync($"docker://{Ours}/team/app@{image.Digest}", $"oci:{_images.NewFolder()}:latest", null, Token);
        }
    }

    [Fact]
    public async Task Both_list_the_same_tags_and_repositories()
    {
        TestImage image = await _images.CreateAsync(layers: 1, layerBytes: 1000);
        foreach ((string registry, string name) in ((string, string)[])[(Ours, "a/b:v1"), (Dockers, "a:v2"), (Ours, "a:v10"), (Dockers, "a-b:v1"), (Ours, "z:v1")])
        {
            await Skopeo.CopyAsync(image.Reference, $"docker://{registry}/{name}", null, Token);
        }

        foreach (string path in (string[])["a/tags/list", "a/b/tags/list", "z/tags/list"])
        {
            Assert.Equal((await GetAsync(Dockers, path)).Trim(), await GetAsync(Ours, path));
        }

        Assert.Equal(Sorted(await GetAsync(Dockers, "_catalog")), Sorted(await GetAsync(Ours, "_catalog")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_deletes_what_the_other_took_in_and_both_see_it(bool oursDeletes)
    {
        TestImage image = await _images.CreateAsync();
        TestImage kept = await _images.CreateAsync(layers: 1, layerBytes: 1000);
        (string writer, string deleter) = oursDeletes ? (Dockers, Ours) : (Ours, Dockers);
        foreach ((TestImage each, string tag) in new[] { (image, "v1"), (image, "v2"), (image, "v3"), (image, "moved"), (kept, "moved"), (kept, "kept") })
        {
            await Skopeo.CopyAsync(each.Reference, $"docker://{writer}/team/app:{tag}", null, Token);
        }

        // Docker's registry before 3.0 deletes by digest alone.
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(HttpMethod.Delete, Ours, "manifests/v1"));
        await AssertTagsAsync("kept", "moved", "v2", "v3");
        await AssertStatusAsync(HttpStatusCode.NotFound, "manifests/v1");
        await AssertStatusAsync(HttpStatusCode.OK, $"manifests/{image.Digest}");

        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(HttpMethod.Delete, deleter, $"manifests/{image.Digest}"));
        await AssertTagsAsync("kept", "moved");
        await AssertStatusAsync(HttpStatusCode.NotFound, $"manifests/{image.Digest}");
        await AssertStatusAsync(HttpStatusCode.NotFound, "manifests/v2");
        await AssertStatusAsync(HttpStatusCode.OK, "manifests/moved");
        foreach (string registry in (string[])[Ours, Dockers])
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Delete, registry, $"manifests/{image.Digest}"));
        }
    }

    [Fact]
    public async Task Blob_that_ours_deleted_is_gone_for_dockers_registry_too()
    {
        TestImage image = await _images.CreateAsync(layers: 1, layerBytes: 1000);
        await Skopeo.CopyAsync(image.Reference, $"docker://{Dockers}/team/app:v1", null, Token);
        string layer = $"sha256:{TestImages.DigestsIn(image.Folder).First(d => d != image.Digest["sha256:".Length..])}";
        await AssertStatusAsync(HttpStatusCode.OK, $"blobs/{layer}");

        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(HttpMethod.Delete, Ours, $"blobs/{layer}"));

        await AssertStatusAsync(HttpStatusCode.NotFound, $"blobs/{layer}");
    }

    // Docker's registry walks folders, which puts a/b before a-b; the specification asks for lexical order.
    private static IEnumerable<string> Sorted(string catalog) =>
        System.Text.Json.JsonDocument.Parse(catalog).RootElement.GetProperty("repositories").EnumerateArray().Select(r => r.GetString()!).Order(StringComparer.Ordinal);

    private static Task<string> CopyAllAsync(string source, string target) =>
        Skopeo.RunAsync(["copy", "--all", "--src-tls-verify=false", "--dest-tls-verify=false", source, target], null, Token);

    private Task<string> GetAsync(string registry, string path) => _client.GetStringAsync(new Uri($"http://{registry}/v2/{path}"), Token);

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string registry, string what)
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://{registry}/v2/team/app/{what}"));
        request.Headers.Add("Accept", "application/vnd.oci.image.manifest.v1+json");
        using HttpResponseMessage response = await _client.SendAsync(request, Token);
        return response.StatusCode;
    }

    private async Task AssertStatusAsync(HttpStatusCode expected, string what)
    {
        Assert.Equal((expected, "ours"), (await StatusAsync(HttpMethod.Get, Ours, what), "ours"));
        Assert.Equal((expected, "Docker's"), (await StatusAsync(HttpMethod.Get, Dockers, what), "Docker's"));
    }

    private async Task AssertTagsAsync(params string[] tags)
    {
        string expected = $$"""{"name":"team/app","tags":["{{string.Join("\",\"", tags)}}"]}""";
        Assert.Equal((expected, expected), (await GetAsync(Ours, "team/app/tags/list"), (await GetAsync(Dockers, "team/app/tags/list")).Trim()));
    }

    private async Task AssertServedAsync(string registry, TestImage image, string index, string indexDigest)
    {
        string pulled = _images.NewFolder();
        string pulledIndex = _images.NewFolder();

        await Skopeo.CopyAsync($"docker://{registry}/team/app:v1", $"oci:{pulled}:latest", null, Token);
        await CopyAllAsync($"docker://{registry}/team/app:multi", $"oci:{pulledIndex}:latest");

        Assert.Equal(TestImages.DigestsIn(image.Folder), TestImages.DigestsIn(pulled));
        Assert.Equal(TestImages.DigestsIn(index.Split(':')[1]), TestImages.DigestsIn(pulledIndex));
        Assert.Contains(indexDigest["sha256:".Length..], TestImages.DigestsIn(pulledIndex));
        Assert.Equal("""{"name":"team/app","tags":["multi","v1"]}""", (await GetAsync(registry, "team/app/tags/list")).Trim());
        Assert.Equal("""{"repositories":["team/app"]}""", (await GetAsync(registry, "_catalog")).Trim());
    }
}
