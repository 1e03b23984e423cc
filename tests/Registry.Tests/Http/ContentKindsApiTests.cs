using System.Net;
using System.Text;
using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>The kinds of content that the OCI conformance suite pushes, each of which has to come back byte for byte, and to go when it is deleted.</summary>
public sealed class ContentKindsApiTests : IAsyncLifetime
{
    private const string Name = "team/app";

    private TestRegistry? _registry;

    private TestRegistry Registry => _registry!;

    public async ValueTask InitializeAsync() =>
        _registry = await TestRegistry.StartAsync(c => c with { Storage = c.Storage with { DeleteEnabled = true } });

    public async ValueTask DisposeAsync() => await Registry.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Index_of_an_index_of_an_image_by_either_digest(bool isSha512)
    {
        string blob = await PushBlobAsync(TestContent.Bytes(1000), isSha512);
        byte[] manifest = ManifestOf($$"""[{"mediaType":"a/b","digest":"{{blob}}","size":1000}]""", blob, 1000);
        string image = await PushAsync(manifest, MediaTypes.OciManifest, isSha512);
        byte[] inner = IndexOf(MediaTypes.OciManifest, image, manifest.Length);
        string innerDigest = await PushAsync(inner, MediaTypes.OciIndex, isSha512);
        byte[] outer = IndexOf(MediaTypes.OciIndex, innerDigest, inner.Length);
        string outerDigest = await PushAsync(outer, MediaTypes.OciIndex, isSha512, "?tag=nested");

        await AssertServedAsync("nested", outer, outerDigest);
        await AssertServedAsync(innerDigest, inner, innerDigest);
        await AssertServedAsync(image, manifest, image);
        foreach (string path in (string[])[$"manifests/{outerDigest}", $"manifests/{innerDigest}", $"manifests/{image}", $"blobs/{blob}"])
        {
            using HttpResponseMessage deleted = await Registry.SendAsync(HttpMethod.Delete, $"/v2/{Name}/{path}");
            using HttpResponseMessage gone = await Registry.GetAsync($"/v2/{Name}/{path}");
            Assert.Equal((path, HttpStatusCode.Accepted, HttpStatusCode.NotFound), (path, deleted.StatusCode, gone.StatusCode));
        }

        using HttpResponseMessage tag = await Registry.GetAsync($"/v2/{Name}/manifests/nested");
        await tag.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Image_of_an_empty_blob(bool isSha512)
    {
        string empty = await PushBlobAsync([], isSha512);
        byte[] manifest = ManifestOf($$"""[{"mediaType":"a/b","digest":"{{empty}}","size":0}]""", empty, 0);

        string digest = await PushAsync(manifest, MediaTypes.OciManifest, isSha512);

        await AssertServedAsync(digest, manifest, digest);
        Assert.Empty(await Registry.ReadBlobAsync(Name, empty));
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("[]", ",\"artifactType\":\"application/vnd.example.thing\"")]
    [InlineData("[]", ",\"org.example.field\":{\"deep\":[1,2.50,\"\\u00e9\",null]},\"subject\":null")]
    [InlineData("[]", ",\"annotations\":{\"a\":\"\\ud83d\\ude00 \u00e9\"}")]
    public async Task Image_without_layers_and_with_fields_of_its_own(string layers, string fields)
    {
        string config = await PushBlobAsync("{}"u8.ToArray(), false);
        byte[] manifest = ManifestOf(layers, config, 2, fields);

        string digest = await PushAsync(manifest, MediaTypes.OciManifest, false);

        await AssertServedAsync(digest, manifest, digest);
    }

    [Fact]
    public async Task Descriptor_with_its_content_in_it_is_looked_for_like_any_other()
    {
        string config = TestContent.Sha256("{}"u8);
        byte[] manifest = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{config}}","size":2,"data":"e30="},"layers":[]}""");

        using HttpResponseMessage refused = await Registry.PutManifestAsync(Name, "t", manifest, MediaTypes.OciManifest);
        await Registry.PushBlobAsync(Name, "{}"u8.ToArray());
        using HttpResponseMessage taken = await Registry.PutManifestAsync(Name, "t", manifest, MediaTypes.OciManifest);

        await refused.AssertErrorAsync(400, "MANIFEST_BLOB_UNKNOWN");
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mount_without_a_repository_to_mount_from_takes_the_blob_of_any(bool isSha512)
    {
        byte[] content = TestContent.Bytes(100);
        string digest = await PushBlobAsync(content, isSha512);

        using HttpResponseMessage anonymous = await Registry.SendAsync(HttpMethod.Post, $"/v2/other/blobs/uploads/?mount={digest}");
        using HttpResponseMessage named = await Registry.SendAsync(HttpMethod.Post, $"/v2/third/blobs/uploads/?mount={digest}&from=other");
        using HttpResponseMessage missing = await Registry.SendAsync(HttpMethod.Post, $"/v2/other/blobs/uploads/?mount={TestContent.Sha256([1])}");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (anonymous.StatusCode, named.StatusCode));
        Assert.Equal(HttpStatusCode.Accepted, missing.StatusCode);
        Assert.Equal(content, await Registry.ReadBlobAsync("other", digest));
        Assert.Equal(content, await Registry.ReadBlobAsync("third", digest));
    }

    [Theory]
    [InlineData("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("sha512:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Manifest_that_does_not_have_the_digest_of_its_path_makes_no_tag(string digest)
    {
        using HttpResponseMessage refused = await Registry.PutManifestAsync(Name, $"{digest}?tag=t", """{"schemaVersion":2,"manifests":[]}"""u8.ToArray(), MediaTypes.OciIndex);
        using HttpResponseMessage tag = await Registry.GetAsync($"/v2/{Name}/manifests/t");

        await refused.AssertErrorAsync(400, "DIGEST_INVALID");
        await tag.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
    }

    private static string DigestOf(byte[] content, bool isSha512) => isSha512 ? TestContent.Sha512(content) : TestContent.Sha256(content);

    private static byte[] ManifestOf(string layers, string config, int size, string fields = "") => Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{"mediaType":"a/b","digest":"{{config}}","size":{{size}}},"layers":{{layers}}{{fields}}}""");

    private static byte[] IndexOf(string mediaType, string digest, int size) => Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{"mediaType":"{{mediaType}}","digest":"{{digest}}","size":{{size}}}]}""");

    private async Task<string> PushBlobAsync(byte[] content, bool isSha512)
    {
        string digest = DigestOf(content, isSha512);
        using HttpResponseMessage response = await Registry.FinishAsync(await Registry.BeginUploadAsync(Name), digest, content);
        Assert.Equal((HttpStatusCode.Created, digest), (response.StatusCode, response.Header("Docker-Content-Digest")));
        return digest;
    }

    private async Task<string> PushAsync(byte[] manifest, string mediaType, bool isSha512, string query = "")
    {
        string digest = DigestOf(manifest, isSha512);
        Assert.Equal(digest, await Registry.PushManifestAsync(Name, digest + query, manifest, mediaType));
        return digest;
    }

    private async Task AssertServedAsync(string reference, byte[] manifest, string digest)
    {
        using HttpResponseMessage read = await Registry.GetAsync($"/v2/{Name}/manifests/{reference}");
        Assert.Equal((HttpStatusCode.OK, digest), (read.StatusCode, read.Header("Docker-Content-Digest")));
        Assert.Equal(manifest, await read.BytesAsync());
    }
}
