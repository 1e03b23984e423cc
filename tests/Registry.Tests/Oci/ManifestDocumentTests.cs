using System.Text;
using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Oci;

public sealed class ManifestDocumentTests
{
    private const string Hash = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string OtherHash =
        "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

    private const string Descriptor = $$"""{"mediaType":"a/b","digest":"{{Hash}}","size":1}""";

    [Theory]
    [InlineData(MediaTypes.OciManifest)]
    [InlineData(MediaTypes.DockerManifest)]
    public void TryParse_manifest_gives_config_then_layers(string mediaType)
    {
        ManifestDocument document = Valid(
            $$"""
            {"schemaVersion":2,"mediaType":"{{mediaType}}","config":{{Descriptor}},
             "layers":[{"mediaType":"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip","digest":"{{OtherHash}}","size":9223372036854775807,"urls":["https://example.com/l"]}]}
            """,
            mediaType);

        Assert.False(document.IsIndex);
        Assert.Equal(mediaType, document.MediaType);
        Assert.Equal([(Hash, 1L, false), (OtherHash, long.MaxValue, true)], document.Content.Select(d => (d.Digest.ToString(), d.Size, d.IsForeign)));
    }

    [Theory]
    [InlineData(MediaTypes.OciIndex)]
    [InlineData(MediaTypes.DockerManifestList)]
    public void TryParse_index_gives_its_manifests(string mediaType)
    {
        ManifestDocument document = Valid($$"""{"schemaVersion":2,"mediaType":"{{mediaType}}","manifests":[{{Descriptor}}]}""", mediaType);

        Assert.True(document.IsIndex);
        Assert.Equal(Hash, Assert.Single(document.Content).Digest.ToString());
    }

    [Fact]
    public void TryParse_without_media_type_takes_the_content_type_and_then_the_shape()
    {
        string manifest = $$"""{"schemaVersion":2,"config":{{Descriptor}},"layers":[]}""";
        string index = """{"schemaVersion":2,"manifests":[]}""";

        Assert.Equal(MediaTypes.OciManifest, Valid(manifest, null).MediaType);
        Assert.Equal(MediaTypes.OciIndex, Valid(index, null).MediaType);
        Assert.Equal(MediaTypes.OciIndex, Valid(index, MediaTypes.OciIndex).MediaType);
        Assert.Empty(Valid(index, null).Content);
    }

    [Theory]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "[\"https://example.com/l\"]", true)]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "[]", false)]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "null", false)]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip", "[\"https://example.com/l\"]", false)]
    public void TryParse_only_a_layer_that_may_not_be_distributed_and_names_urls_is_foreign(string mediaType, string urls, bool foreign)
    {
        ManifestDocument document = Valid(
            $$"""{"schemaVersion":2,"config":{{Descriptor}},"layers":[{"mediaType":"{{mediaType}}","digest":"{{Hash}}","size":1,"urls":{{urls}}}]}""", null);

        Assert.Equal(foreign, document.Content[1].IsForeign);
    }

    [Fact]
    public void TryParse_duplicate_key_counts_the_last_as_go_does()
    {
        ManifestDocument document = Valid(
            $$"""{"schemaVersion":2,"mediaType":"x","mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{Descriptor}}],"manifests":[]}""", MediaTypes.OciIndex);

        Assert.Empty(document.Content);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{}x", "not valid JSON")]
    [InlineData("{\"a\":1,}", "not valid JSON")]
    [InlineData("// c\n{}", "not valid JSON")]
    [InlineData("\u00ff", "not valid JSON")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"\u00ff\"}", "not Unicode")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"\\ud800\"}", "not Unicode")]
    [InlineData("{\"\\ud800\":1}", "schemaVersion")]
    [InlineData("null", "JSON object")]
    [InlineData("[]", "JSON object")]
    [InlineData("\"x\"", "JSON object")]
    [InlineData("{}", "schemaVersion")]
    [InlineData("{\"schemaVersion\":1}", "schemaVersion")]
    [InlineData("{\"schemaVersion\":\"2\"}", "schemaVersion")]
    [InlineData("{\"schemaVersion\":2.5}", "schemaVersion")]
    [InlineData("{\"schemaVersion\":99999999999999999999}", "schemaVersion")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"text/plain\"}", "text/plain are not supported")]
    [InlineData("{\"schemaVersion\":2}", "config must be a descriptor")]
    [InlineData("{\"schemaVersion\":2,\"config\":" + Descriptor + "}", "layers must be a list")]
    [InlineData("{\"schemaVersion\":2,\"config\":" + Descriptor + ",\"layers\":{}}", "layers must be a list")]
    [InlineData("{\"schemaVersion\":2,\"config\":" + Descriptor + ",\"layers\":[null]}", "layers[0] must be a descriptor")]
    [InlineData("{\"schemaVersion\":2,\"config\":" + Descriptor + ",\"layers\":[],\"manifests\":[]}", "both")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":null}", "manifests must be a list")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[1]}", "manifests[0] must be a descriptor")]
    public void TryParse_document_that_is_no_manifest_says_why(string json, string problem)
    {
        Assert.Null(ManifestDocument.TryParse(Encoding.Latin1.GetBytes(json), null, out string said));
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":1}""", "mediaType")]
    [InlineData("""{"mediaType":"","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":1}""", "mediaType")]
    [InlineData("""{"mediaType":1,"digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":1}""", "mediaType")]
    [InlineData("""{"mediaType":"a","size":1}""", "layers[0].digest")]
    [InlineData("""{"mediaType":"a","digest":null,"size":1}""", "layers[0].digest")]
    [InlineData("""{"mediaType":"a","digest":"sha256:../../x","size":1}""", "layers[0].digest")]
    [InlineData("""{"mediaType":"a","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}""", "layers[0].size")]
    [InlineData("""{"mediaType":"a","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":-1}""", "layers[0].size")]
    [InlineData("""{"mediaType":"a","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":1.5}""", "layers[0].size")]
    [InlineData("""{"mediaType":"a","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":"1"}""", "layers[0].size")]
    [InlineData("""{"mediaType":"a","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":9223372036854775808}""", "layers[0].size")]
    public void TryParse_bad_descriptor_is_named(string descriptor, string problem)
    {
        string json = $$"""{"schemaVersion":2,"config":{{Descriptor}},"layers":[{{descriptor}}]}""";

        Assert.Null(ManifestDocument.TryParse(Encoding.UTF8.GetBytes(json), MediaTypes.OciManifest, out string said));
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_media_type_that_differs_from_the_content_type_is_refused()
    {
        string json = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[]}""";

        Assert.Null(ManifestDocument.TryParse(Encoding.UTF8.GetBytes(json), MediaTypes.DockerManifestList, out string said));
        Assert.Contains("was sent as", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void TryParse_json_nested_deep_is_refused(string open, string close)
    {
        string deep = string.Concat(Enumerable.Repeat(open, 100_000)) + "0" + string.Concat(Enumerable.Repeat(close, 100_000));

        Assert.Null(ManifestDocument.TryParse(Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"manifests":[],"x":{{deep}}}"""), null, out string said));
        Assert.Contains("not valid JSON", said, StringComparison.Ordinal);
    }

    private static ManifestDocument Valid(string json, string? contentType)
    {
        ManifestDocument? document = ManifestDocument.TryParse(Encoding.UTF8.GetBytes(json), contentType, out string problem);
        Assert.Equal("", problem);
        return document!;
    }
}
