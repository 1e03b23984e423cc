using System.Text;
using System.Text.Json;
using CsCheck;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Tests.Http;
using Xunit;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Manifests with anything wrong in them: they are understood, or refused in words, and never half understood.</summary>
public sealed class ManifestFuzzTests(RegistryFixture fixture) : IClassFixture<RegistryFixture>
{
    private const string Repository = "fuzz/manifests";

    private static readonly byte[] Blob = "{}"u8.ToArray();
    private static readonly string Descriptor = $$"""{"mediaType":"application/octet-stream","digest":"{{TestContent.Sha256(Blob)}}","size":2}""";

    private static readonly string Image = $$$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/x","config":{{{Descriptor}}},"layers":[{{{Descriptor}}},
        {"mediaType":"application/vnd.oci.image.layer.nondistributable.v1.tar","digest":"{{{TestContent.Sha512(Blob)}}}","size":5,"urls":["https://a.example/b"]}],
        "subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{TestContent.Sha256(Blob)}}}","size":2},"annotations":{"a":"b","c":"d"}}
        """;

    private static readonly string Docker = $$"""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{{Descriptor}},"layers":[{{Descriptor}}]}""";
    private static readonly string Index = $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[],"annotations":{"a":"b"},"artifactType":"application/y","subject":{{Descriptor}}}""";

    private static readonly Gen<byte[]> Manifests = JsonMutation.Of(Image, Docker, Index, """{"schemaVersion":2,"manifests":[]}""", """{"schemaVersion":1,"name":"a","tag":"b","fsLayers":[{"blobSum":"sha256:0"}]}""");
    private static readonly Gen<string> MediaTypeTexts = Texts.Mutated(Gen.OneOf(MediaTypes.OciManifest, MediaTypes.OciIndex, MediaTypes.DockerManifest, MediaTypes.DockerManifestList, "text/plain", "*/*"));

    [Fact]
    public void Manifest_is_understood_whole_or_refused_in_words() => Property.Holds(Gen.Select(Manifests, MediaTypeTexts, Gen.Bool), input =>
    {
        (byte[] content, string type, bool isTyped) = input;
        ManifestDocument? document = ManifestDocument.TryParse(content, isTyped ? type : null, out string problem);
        if (document is null)
        {
            Assert.NotEmpty(problem);
            return;
        }

        Assert.True(MediaTypes.IsIndex(document.MediaType) != MediaTypes.IsManifest(document.MediaType));
        Assert.All(document.Content, d => Assert.True(d.Size >= 0 && d.MediaType.Length > 0 && Digest.TryParse(d.Digest.ToString(), out _)));
        Assert.True(document.Referral.Problem is null or { Length: > 0 });
        var referrer = new Referrer(document.MediaType, Digest.Of(DigestAlgorithm.Sha256, content), content.Length, document.Referral);
        using JsonDocument descriptor = JsonDocument.Parse(referrer.ToJson(ManifestDocument.MaximumSize));
        Assert.Equal(referrer.Digest.ToString(), descriptor.RootElement.GetProperty("digest").GetString());
    });

    [Fact]
    public async Task Manifest_that_was_taken_is_given_back_and_one_that_was_not_leaves_no_tag()
    {
        TestRegistry registry = fixture.Registry;
        await registry.PushBlobAsync(Repository, Blob);
        string referrers = $"/v2/{Repository}/referrers/{TestContent.Sha256(Blob)}";
        int number = 0;
        await Property.HoldsAsync(
            Gen.Select(Manifests, Gen.OneOf("", MediaTypes.OciManifest, MediaTypes.OciIndex, MediaTypes.DockerManifest, "text/plain; charset=x", ";")),
            async input =>
            {
                string tag = $"t{Interlocked.Increment(ref number)}";
                using HttpResponseMessage put = await registry.PutManifestAsync(Repository, tag, input.Item1, input.Item2);
                using HttpResponseMessage get = await registry.GetAsync($"/v2/{Repository}/manifests/{tag}");
                if ((int)put.StatusCode == 201)
                {
                    Assert.Equal(input.Item1, await get.BytesAsync());
                    Assert.Equal(TestContent.Sha256(input.Item1), put.Header("Docker-Content-Digest"));
                    using HttpResponseMessage list = await registry.GetAsync(referrers);
                    Assert.Equal(200, (int)list.StatusCode);
                    using JsonDocument index = JsonDocument.Parse(await list.BytesAsync());
                    bool isReferrer = put.Headers.TryGetValues("OCI-Subject", out IEnumerable<string>? subject) && referrers.EndsWith(subject.First(), StringComparison.Ordinal);
                    bool isListed = index.RootElement.GetProperty("manifests").EnumerateArray().Any(m => m.GetProperty("digest").GetString() == TestContent.Sha256(input.Item1));
                    Assert.True(isListed || !isReferrer, "what refers to a manifest is among its referrers");
                    (await registry.SendAsync(HttpMethod.Delete, $"/v2/{Repository}/manifests/{TestContent.Sha256(input.Item1)}")).Dispose();
                }
                else
                {
                    Assert.InRange((int)put.StatusCode, 400, 413);
                    string code = (await put.JsonAsync()).GetProperty("errors")[0].GetProperty("code").GetString()!;
                    Assert.StartsWith("MANIFEST_", code, StringComparison.Ordinal);
                    await put.AssertErrorAsync((int)put.StatusCode, code);
                    Assert.Equal(404, (int)get.StatusCode);
                }
            },
            300);
    }

    [Theory]
    [InlineData("[", "]", "")]
    [InlineData("{\"a\":", "}", "1")]
    [InlineData("{\"layers\":[", "]}", "1")]
    public void Nesting_without_end_is_refused(string open, string close, string inside)
    {
        foreach (int depth in (int[])[33, 100_000])
        {
            byte[] json = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, depth)) + inside + string.Concat(Enumerable.Repeat(close, depth)));

            Assert.Null(ManifestDocument.TryParse(json, null, out string problem));
            Assert.NotEmpty(problem);
        }
    }
}
