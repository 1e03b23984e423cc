using System.Net;
using LocalRegistry.Registry.Http;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary><c>PUT /v2/&lt;name&gt;/manifests/&lt;digest&gt;?tag=...&amp;tag=...</c> (OCI distribution-spec, Pushing Manifests).</summary>
public sealed class TagParameterApiTests(RegistryFixture fixture) : IClassFixture<RegistryFixture>
{
    private static readonly byte[] Index = """{"schemaVersion":2,"manifests":[]}"""u8.ToArray();

    private readonly TestRegistry _registry = fixture.Registry;
    private readonly string _name = TestContent.NewName();

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    public async Task Put_by_digest_with_tags_makes_each_of_them_and_says_so(string algorithm)
    {
        string digest = algorithm == "sha256" ? TestContent.Sha256(Index) : TestContent.Sha512(Index);

        using HttpResponseMessage pushed = await PutAsync($"{digest}?tag=1.2.3&tag=1.2&tag=1&tag=latest&tag=1.2");

        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        Assert.Equal(["1.2.3", "1.2", "1", "latest"], pushed.Headers.NonValidated["OCI-Tag"]);
        Assert.Equal(digest, pushed.Header("Docker-Content-Digest"));
        Assert.Equal(new Uri(_registry.Url, $"/v2/{_name}/manifests/{digest}"), pushed.Headers.Location);
        foreach (string tag in (string[])["1.2.3", "1.2", "1", "latest"])
        {
            using HttpResponseMessage read = await _registry.GetAsync($"/v2/{_name}/manifests/{tag}");
            Assert.Equal((digest, MediaTypes.OciIndex), (read.Header("Docker-Content-Digest"), read.Header("Content-Type")));
            Assert.Equal(Index, await read.BytesAsync());
        }
    }

    [Fact]
    public async Task Put_by_digest_without_tags_and_by_tag_says_nothing_of_tags()
    {
        using HttpResponseMessage byDigest = await PutAsync(TestContent.Sha256(Index));
        using HttpResponseMessage byTag = await PutAsync("t");

        Assert.False(byDigest.Headers.Contains("OCI-Tag"));
        Assert.False(byTag.Headers.Contains("OCI-Tag"));
    }

    [Fact]
    public async Task Put_takes_as_many_of_the_longest_tags_as_it_says_and_no_more()
    {
        string[] tags = [.. Enumerable.Range(0, ManifestPushEndpoint.MaximumTags + 1).Select(n => $"{n:000}{new string('t', Reference.MaximumTagLength - 3)}")];
        string digest = TestContent.Sha256(Index);

        using HttpResponseMessage taken = await PutAsync($"{digest}?{Query(tags[1..])}");
        using HttpResponseMessage refused = await PutAsync($"{digest}?{Query(tags)}");
        using HttpResponseMessage first = await _registry.GetAsync($"/v2/{_name}/manifests/{tags[0]}");

        Assert.Equal(tags[1..], taken.Headers.NonValidated["OCI-Tag"]);
        await refused.AssertErrorAsync(414, "TAG_INVALID");
        await first.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
    }

    [Theory]
    [InlineData("tag=")]
    [InlineData("tag")]
    [InlineData("tag=good&tag=.bad")]
    [InlineData("tag=good&tag=a/b")]
    [InlineData("tag=good&tag=a,b")]
    [InlineData("tag=good&tag=a%0d%0aX-Injected:%201")]
    [InlineData("tag=good&tag=%ff")]
    public async Task Put_with_a_tag_that_is_none_writes_nothing(string query)
    {
        string digest = TestContent.Sha256(Index);

        using HttpResponseMessage refused = await PutAsync($"{digest}?{query}");
        using HttpResponseMessage good = await _registry.GetAsync($"/v2/{_name}/manifests/good");
        using HttpResponseMessage manifest = await _registry.GetAsync($"/v2/{_name}/manifests/{digest}");

        await refused.AssertErrorAsync(400, "TAG_INVALID");
        await good.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
        await manifest.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task Put_by_tag_with_tags_is_refused()
    {
        using HttpResponseMessage refused = await PutAsync("t?tag=u");
        using HttpResponseMessage read = await _registry.GetAsync($"/v2/{_name}/manifests/t");

        await refused.AssertErrorAsync(400, "TAG_INVALID");
        await read.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task Put_that_the_store_fails_shows_no_tag_without_its_manifest()
    {
        using var inner = new InMemoryStore();
        var store = new FaultyStore(inner);
        await using TestRegistry registry = await TestRegistry.StartAsync(replace: services => services.AddSingleton<IObjectStore>(store));
        string path = $"/v2/{_name}/manifests/{TestContent.Sha256(Index)}";
        int writes = 0;
        store.Before = method => method == nameof(IObjectStore.WriteAsync) && Interlocked.Increment(ref writes) > 3
            ? Task.FromException(FaultyStore.Failure())
            : Task.CompletedTask;

        using HttpResponseMessage failed = await registry.SendAsync(HttpMethod.Put, $"{path}?tag=a&tag=b", Index, ("Content-Type", MediaTypes.OciIndex));
        store.Before = _ => Task.CompletedTask;
        using HttpResponseMessage manifest = await registry.GetAsync(path);
        using HttpResponseMessage again = await registry.SendAsync(HttpMethod.Put, $"{path}?tag=a&tag=b", Index, ("Content-Type", MediaTypes.OciIndex));

        await failed.AssertErrorAsync(503, "UNAVAILABLE");
        Assert.False(failed.Headers.Contains("OCI-Tag"));
        Assert.Equal(HttpStatusCode.OK, manifest.StatusCode);
        Assert.Equal(["a", "b"], again.Headers.NonValidated["OCI-Tag"]);
    }

    private static string Query(string[] tags) => string.Join('&', tags.Select(t => $"tag={t}"));

    private Task<HttpResponseMessage> PutAsync(string reference) => _registry.PutManifestAsync(_name, reference, Index, MediaTypes.OciIndex);
}
