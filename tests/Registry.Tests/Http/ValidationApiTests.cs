using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>What is asked of the content that a pushed manifest names, as <c>validation</c> says.</summary>
public sealed class ValidationApiTests
{
    private const string ForeignLayer = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
    private const string Layer = "application/vnd.oci.image.layer.v1.tar+gzip";

    private readonly string _absent = TestContent.Sha256("absent"u8);

    [Theory]
    [InlineData(ForeignLayer, ",\"urls\":[\"https://example.com/x\"]", 201, "")]
    [InlineData(ForeignLayer, "", 400, "MANIFEST_BLOB_UNKNOWN")]
    [InlineData(Layer, ",\"urls\":[\"https://example.com/x\"]", 400, "MANIFEST_BLOB_UNKNOWN")]
    [InlineData(ForeignLayer, ",\"urls\":\"https://example.com/x\"", 400, "MANIFEST_INVALID")]
    [InlineData(ForeignLayer, ",\"urls\":[1]", 400, "MANIFEST_INVALID")]
    [InlineData(ForeignLayer, ",\"urls\":[\"\"]", 400, "MANIFEST_INVALID")]
    public async Task Put_without_the_section_takes_foreign_layers_and_nothing_else_that_is_missing(string mediaType, string urls, int status, string code) =>
        await AssertAsync(new ValidationConfiguration(), ManifestOf(mediaType, urls), status, code);

    [Theory]
    [InlineData("https://example.com/x", 201, "")]
    [InlineData("https://example.com.evil.test/x", 400, "MANIFEST_INVALID")]
    [InlineData("ftp://example.com/x", 400, "MANIFEST_INVALID")]
    public async Task Put_of_a_url_that_is_not_allowed_is_refused(string url, int status, string code) => await AssertAsync(
        new ValidationConfiguration { Urls = new UrlRules([new Regex("^https://example\\.com/", RegexOptions.NonBacktracking)], []) },
        ManifestOf(ForeignLayer, $",\"urls\":[\"{url}\"]"),
        status,
        code);

    [Fact]
    public async Task Put_with_validation_disabled_takes_what_is_not_there()
    {
        var disabled = new ValidationConfiguration { NeedsBlobs = false, Indexes = IndexCheck.None };

        await AssertAsync(disabled, ManifestOf(Layer, ""), 201, "");
        await AssertAsync(disabled, IndexOf(""), 201, "");
    }

    [Theory]
    [InlineData(IndexCheck.All, "amd64", 400, "MANIFEST_BLOB_UNKNOWN")]
    [InlineData(IndexCheck.None, "amd64", 201, "")]
    [InlineData(IndexCheck.List, "amd64", 400, "MANIFEST_BLOB_UNKNOWN")]
    [InlineData(IndexCheck.List, "arm64", 201, "")]
    [InlineData(IndexCheck.List, null, 400, "MANIFEST_BLOB_UNKNOWN")]
    public async Task Put_of_an_index_asks_for_the_images_that_it_must(IndexCheck check, string? architecture, int status, string code) => await AssertAsync(
        new ValidationConfiguration { Indexes = check, Platforms = [new ImagePlatform("amd64", "linux")] },
        IndexOf(architecture is null ? "" : $$""","platform":{"architecture":"{{architecture}}","os":"linux"}"""),
        status,
        code);

    [Fact]
    public async Task Put_of_an_index_without_images_still_asks_for_a_manifests_blobs() => await AssertAsync(
        new ValidationConfiguration { Indexes = IndexCheck.None }, ManifestOf(Layer, ""), 400, "MANIFEST_BLOB_UNKNOWN");

    [Fact]
    public async Task Put_with_more_descriptors_than_are_looked_for_is_refused()
    {
        string descriptor = $$"""{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{_absent}}","size":1}""";
        string descriptors = string.Join(',', Enumerable.Repeat(descriptor, ManifestDocument.MaximumDescriptors));
        var nothing = new ValidationConfiguration { Indexes = IndexCheck.None };

        await AssertAsync(nothing, Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"manifests":[{{descriptors}}]}"""), 201, "");
        await AssertAsync(nothing, Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"manifests":[{{descriptors}},{{descriptor}}]}"""), 400, "MANIFEST_INVALID");
    }

    private static async Task AssertAsync(ValidationConfiguration validation, byte[] manifest, int status, string code)
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(c => c with { Validation = validation });
        await registry.PushBlobAsync("a", [1]);
        using HttpResponseMessage response = await registry.SendAsync(HttpMethod.Put, "/v2/a/manifests/t", manifest, ("Content-Type", TypeOf(manifest)));

        if (code.Length > 0)
        {
            await response.AssertErrorAsync(status, code);
        }

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        using HttpResponseMessage read = await registry.GetAsync("/v2/a/manifests/t");
        Assert.Equal(code.Length == 0 ? HttpStatusCode.OK : HttpStatusCode.NotFound, read.StatusCode);
    }

    private static string TypeOf(byte[] manifest) => Encoding.UTF8.GetString(manifest).Contains("\"manifests\"", StringComparison.Ordinal) ? MediaTypes.OciIndex : MediaTypes.OciManifest;

    private byte[] ManifestOf(string mediaType, string urls) => Encoding.UTF8.GetBytes(
        $$"""
        {"schemaVersion":2,"config":{"mediaType":"a/b","digest":"{{TestContent.Sha256([1])}}","size":1},
         "layers":[{"mediaType":"{{mediaType}}","digest":"{{_absent}}","size":6{{urls}}}]}
        """);

    private byte[] IndexOf(string platform) => Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{_absent}}","size":6{{platform}}}]}""");
}
