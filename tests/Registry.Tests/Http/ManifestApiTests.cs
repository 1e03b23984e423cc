using System.Net;
using System.Text;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Tests.Storage;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class ManifestApiTests(RegistryFixture fixture) : IClassFixture<RegistryFixture>
{
    private readonly TestRegistry _registry = fixture.Registry;
    private readonly string _name = TestContent.NewName();
    private readonly byte[] _blob = TestContent.Bytes(100);

    [Theory]
    [InlineData(MediaTypes.OciManifest)]
    [InlineData(MediaTypes.DockerManifest)]
    public async Task Put_manifest_by_tag_can_be_read_by_tag_and_digest(string mediaType)
    {
        await _registry.PushBlobAsync(_name, _blob);
        byte[] manifest = TestContent.Manifest(mediaType, _blob);
        string digest = TestContent.Sha256(manifest);

        using HttpResponseMessage pushed = await _registry.PutManifestAsync(_name, "latest", manifest, mediaType);

        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        Assert.Equal(new Uri(_registry.Url, $"/v2/{_name}/manifests/{digest}"), pushed.Headers.Location);
        Assert.Equal(digest, pushed.Header("Docker-Content-Digest"));
        await AssertServedAsync("latest", manifest, mediaType);
        await AssertServedAsync(digest, manifest, mediaType);
    }

    [Theory]
    [InlineData(MediaTypes.OciIndex, MediaTypes.OciManifest)]
    [InlineData(MediaTypes.DockerManifestList, MediaTypes.DockerManifest)]
    public async Task Put_index_of_a_manifest_pushed_by_digest_can_be_read(string indexType, string manifestType)
    {
        await _registry.PushBlobAsync(_name, _blob);
        byte[] manifest = TestContent.Manifest(manifestType, _blob);
        await _registry.PushManifestAsync(_name, TestContent.Sha256(manifest), manifest, manifestType);
        byte[] index = TestContent.Index(indexType, manifestType, manifest);

        await _registry.PushManifestAsync(_name, "multi", index, indexType);

        await AssertServedAsync("multi", index, indexType);
        await AssertServedAsync(TestContent.Sha256(index), index, indexType);
        await AssertServedAsync(TestContent.Sha256(manifest), manifest, manifestType);
    }

    [Fact]
    public async Task Put_manifest_by_sha512_digest_is_known_by_it()
    {
        await _registry.PushBlobAsync(_name, _blob);
        byte[] manifest = TestContent.Manifest(MediaTypes.OciManifest, _blob);
        string digest = TestContent.Sha512(manifest);

        Assert.Equal(digest, await _registry.PushManifestAsync(_name, digest, manifest, MediaTypes.OciManifest));

        await AssertServedAsync(digest, manifest, MediaTypes.OciManifest, digest);
    }

    [Fact]
    public async Task Put_manifest_without_media_type_of_its_own_keeps_the_content_type_of_an_oci_manifest()
    {
        byte[] index = """{"schemaVersion":2,"manifests":[]}"""u8.ToArray();

        await _registry.PushManifestAsync(_name, "t", index, $"{MediaTypes.OciIndex}; charset=utf-8");

        await AssertServedAsync("t", index, MediaTypes.OciIndex);
    }

    [Fact]
    public async Task Put_tag_again_moves_it_and_keeps_the_old_manifest()
    {
        await _registry.PushBlobAsync(_name, _blob);
        byte[] first = TestContent.Manifest(MediaTypes.OciManifest, _blob, "first");
        byte[] second = TestContent.Manifest(MediaTypes.OciManifest, _blob, "second");

        await _registry.PushManifestAsync(_name, "t", first, MediaTypes.OciManifest);
        await _registry.PushManifestAsync(_name, "t", second, MediaTypes.OciManifest);

        await AssertServedAsync("t", second, MediaTypes.OciManifest);
        await AssertServedAsync(TestContent.Sha256(first), first, MediaTypes.OciManifest);
    }

    [Fact]
    public async Task Get_manifest_of_a_kind_that_is_not_served_is_404_and_says_so()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        byte[] manifest = """{"schemaVersion":1,"name":"team/app","tag":"old","fsLayers":[]}"""u8.ToArray();
        var digest = Digest.Of(DigestAlgorithm.Sha256, manifest);
        var manifests = new ManifestStore(registry.Store, new ContentStore(registry.Store), new LinkStore(registry.Store));
        await manifests.WriteAsync(new RepositoryName("team/app"), digest, manifest, subject: null, ["old"], TestContext.Current.CancellationToken);

        using HttpResponseMessage read = await registry.GetAsync("/v2/team/app/manifests/old");

        await read.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
        Assert.Contains("schema 1", await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_manifest_lies_under_the_keys_of_dockers_registry()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        byte[] manifest = await registry.PushImageAsync("team/app", "v1");
        string hex = TestContent.Sha256(manifest)["sha256:".Length..];
        string blobHex = TestContent.Sha256(_blob)["sha256:".Length..];

        Assert.Equal(
            new[]
            {
                $"docker/registry/v2/blobs/sha256/{blobHex[..2]}/{blobHex}/data",
                $"docker/registry/v2/blobs/sha256/{hex[..2]}/{hex}/data",
                $"docker/registry/v2/repositories/team/app/_layers/sha256/{blobHex}/link",
                $"docker/registry/v2/repositories/team/app/_manifests/revisions/sha256/{hex}/link",
                "docker/registry/v2/repositories/team/app/_manifests/tags/v1/current/link",
                $"docker/registry/v2/repositories/team/app/_manifests/tags/v1/index/sha256/{hex}/link",
            }.Order(StringComparer.Ordinal),
            await registry.Store.KeysAsync());
    }

    [Fact]
    public async Task Put_manifest_under_another_digest_is_refused_and_not_kept()
    {
        await _registry.PushBlobAsync(_name, _blob);
        string other = TestContent.Sha256("other"u8);

        using HttpResponseMessage response = await _registry.PutManifestAsync(_name, other, TestContent.Manifest(MediaTypes.OciManifest, _blob), MediaTypes.OciManifest);

        await response.AssertErrorAsync(400, "DIGEST_INVALID");
        using HttpResponseMessage read = await _registry.GetAsync($"/v2/{_name}/manifests/{other}");
        await read.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task Put_manifest_whose_blob_is_missing_is_refused()
    {
        using HttpResponseMessage response = await _registry.PutManifestAsync(_name, "t", TestContent.Manifest(MediaTypes.OciManifest, _blob), MediaTypes.OciManifest);

        await response.AssertErrorAsync(400, "MANIFEST_BLOB_UNKNOWN");
    }

    [Fact]
    public async Task Put_manifest_whose_blob_only_another_repository_has_is_refused()
    {
        await _registry.PushBlobAsync(TestContent.NewName(), _blob);

        using HttpResponseMessage response = await _registry.PutManifestAsync(_name, "t", TestContent.Manifest(MediaTypes.OciManifest, _blob), MediaTypes.OciManifest);

        await response.AssertErrorAsync(400, "MANIFEST_BLOB_UNKNOWN");
    }

    [Fact]
    public async Task Put_index_whose_manifest_is_missing_is_refused()
    {
        byte[] index = TestContent.Index(MediaTypes.OciIndex, MediaTypes.OciManifest, "absent"u8.ToArray());

        using HttpResponseMessage response = await _registry.PutManifestAsync(_name, "t", index, MediaTypes.OciIndex);

        await response.AssertErrorAsync(400, "MANIFEST_BLOB_UNKNOWN");
    }

    [Fact]
    public async Task Put_manifest_with_a_layer_that_lies_elsewhere_is_taken()
    {
        string config = await _registry.PushBlobAsync(_name, _blob);
        byte[] manifest = Encoding.UTF8.GetBytes(
            $$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.DockerManifest}}","config":{"mediaType":"a/b","digest":"{{config}}","size":100},
             "layers":[{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"{{TestContent.Sha256("x"u8)}}","size":1,"urls":["https://example.com/x"]}]}
            """);

        await _registry.PushManifestAsync(_name, "t", manifest, MediaTypes.DockerManifest);

        await AssertServedAsync("t", manifest, MediaTypes.DockerManifest);
    }

    [Theory]
    [InlineData("", MediaTypes.OciManifest)]
    [InlineData("{", MediaTypes.OciManifest)]
    [InlineData("[]", MediaTypes.OciManifest)]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"\\ud800\"}", MediaTypes.OciManifest)]
    [InlineData("{\"schemaVersion\":1}", "application/vnd.docker.distribution.manifest.v1+json")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[]}", "text/plain")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}", MediaTypes.DockerManifestList)]
    public async Task Put_what_is_no_manifest_is_refused(string body, string mediaType)
    {
        using HttpResponseMessage response = await _registry.PutManifestAsync(_name, "t", Encoding.UTF8.GetBytes(body), mediaType);

        await response.AssertErrorAsync(400, "MANIFEST_INVALID");
    }

    [Fact]
    public async Task Put_manifest_of_4_MiB_is_taken_and_one_byte_more_is_413()
    {
        await _registry.PushBlobAsync(_name, _blob);
        int frame = TestContent.Manifest(MediaTypes.OciManifest, _blob).Length;
        byte[] largest = TestContent.Manifest(MediaTypes.OciManifest, _blob, new string('x', ManifestDocument.MaximumSize - frame));
        byte[] larger = TestContent.Manifest(MediaTypes.OciManifest, _blob, new string('x', ManifestDocument.MaximumSize - frame + 1));

        await _registry.PushManifestAsync(_name, "t", largest, MediaTypes.OciManifest);
        using HttpResponseMessage response = await _registry.PutManifestAsync(_name, "u", larger, MediaTypes.OciManifest);

        await AssertServedAsync("t", largest, MediaTypes.OciManifest);
        await response.AssertErrorAsync(413, "MANIFEST_INVALID");
    }

    [Theory]
    [InlineData("absent", 404, "MANIFEST_UNKNOWN")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 404, "MANIFEST_UNKNOWN")]
    [InlineData(".hidden", 400, "TAG_INVALID")]
    [InlineData("sha256:e3b0", 400, "DIGEST_INVALID")]
    [InlineData("sha384:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 400, "DIGEST_INVALID")]
    public async Task Get_and_head_of_what_is_not_there_agree(string reference, int status, string code)
    {
        using HttpResponseMessage get = await _registry.GetAsync($"/v2/{_name}/manifests/{reference}");
        using HttpResponseMessage head = await _registry.HeadAsync($"/v2/{_name}/manifests/{reference}");

        await get.AssertErrorAsync(status, code);
        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.ContentHeaders(), head.ContentHeaders());
    }

    [Fact]
    public async Task Get_with_the_entity_tag_is_304_without_a_body()
    {
        string digest = TestContent.Sha256(await _registry.PushImageAsync(_name, "t"));

        using HttpResponseMessage unchanged = await _registry.GetAsync($"/v2/{_name}/manifests/t", ("If-None-Match", $"\"x\", \"{digest}\""));
        using HttpResponseMessage any = await _registry.GetAsync($"/v2/{_name}/manifests/t", ("If-None-Match", "*"));
        using HttpResponseMessage changed = await _registry.GetAsync($"/v2/{_name}/manifests/t", ("If-None-Match", "\"x\""));
        using HttpResponseMessage nonsense = await _registry.GetAsync($"/v2/{_name}/manifests/t", ("If-None-Match", "x\"y"));

        Assert.Equal((HttpStatusCode.NotModified, 0), (unchanged.StatusCode, (await unchanged.BytesAsync()).Length));
        Assert.Equal($"\"{digest}\"", unchanged.Header("ETag"));
        Assert.Equal(HttpStatusCode.NotModified, any.StatusCode);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (changed.StatusCode, nonsense.StatusCode));
    }

    [Fact]
    public async Task Requests_share_a_connection_after_pushes_that_were_taken_and_refused()
    {
        await _registry.PushBlobAsync(_name, _blob);
        byte[] manifest = TestContent.Manifest(MediaTypes.OciManifest, _blob);
        using RawConnection connection = await RawConnection.OpenAsync(_registry.Url);
        string[] headers = [$"Content-Type: {MediaTypes.OciManifest}", $"Content-Length: {manifest.Length}"];

        var statuses = new List<int>();
        foreach (string reference in (string[])["t", "bad!", TestContent.Sha256("x"u8), "u"])
        {
            await connection.SendHeadAsync($"PUT /v2/{_name}/manifests/{reference}", headers);
            await connection.SendAsync(manifest);
            statuses.Add((await connection.ReceiveAsync()).Status);
        }

        Assert.Equal([201, 400, 400, 201], statuses);
    }

    private async Task AssertServedAsync(string reference, byte[] manifest, string mediaType, string? digest = null)
    {
        digest ??= TestContent.Sha256(manifest);
        using HttpResponseMessage get = await _registry.GetAsync($"/v2/{_name}/manifests/{reference}");
        using HttpResponseMessage head = await _registry.HeadAsync($"/v2/{_name}/manifests/{reference}");

        Assert.Equal(HttpStatusCode.OK, get.StatusCode);
        Assert.Equal(manifest, await get.BytesAsync());
        Assert.Equal((mediaType, digest, $"\"{digest}\""), (get.Header("Content-Type"), get.Header("Docker-Content-Digest"), get.Header("ETag")));
        Assert.Equal((HttpStatusCode.OK, 0), (head.StatusCode, (await head.BytesAsync()).Length));
        Assert.Equal(get.ContentHeaders(), head.ContentHeaders());
    }
}
