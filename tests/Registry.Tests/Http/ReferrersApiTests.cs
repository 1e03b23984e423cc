using System.Net;
using System.Text;
using System.Text.Json;
using LocalRegistry.Registry.Http;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class ReferrersApiTests(RegistryFixture fixture) : IClassFixture<RegistryFixture>
{
    private const string Sbom = "application/vnd.example.sbom+json";
    private const int PageSize = ReferrerEndpoints.PageSize;
    private const string EmptyList = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[]}""";

    private readonly TestRegistry _registry = fixture.Registry;
    private readonly RepositoryName _name = new(TestContent.NewName());
    private readonly string _subject = TestContent.Sha256(TestContent.Bytes(100, seed: 2));

    [Fact]
    public async Task Put_with_subject_names_it_and_the_referrer_is_listed_though_the_subject_is_not_there()
    {
        byte[] referrer = Referrer(""","artifactType":"application/vnd.example.sbom+json","annotations":{"title":"über <all>"}""");

        using HttpResponseMessage pushed = await _registry.PutManifestAsync(_name.Value, TestContent.Sha256(referrer), referrer, MediaTypes.OciIndex);
        using HttpResponseMessage get = await _registry.GetAsync(Path());
        using HttpResponseMessage head = await _registry.HeadAsync(Path());

        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        Assert.Equal(_subject, pushed.Header("OCI-Subject"));
        Assert.Equal(
            $$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciIndex}}}","manifests":[{"mediaType":"{{{MediaTypes.OciIndex}}}","digest":"{{{TestContent.Sha256(referrer)}}}","size":{{{referrer.Length}}},"artifactType":"{{{Sbom}}}","annotations":{"title":"über <all>"}}]}
            """,
            Encoding.UTF8.GetString(await get.BytesAsync()));
        Assert.Equal(MediaTypes.OciIndex, get.Header("Content-Type"));
        Assert.False(get.Headers.Contains("Link") || get.Headers.Contains("OCI-Filters-Applied"));
        Assert.Equal((HttpStatusCode.OK, get.ContentHeaders()), (head.StatusCode, head.ContentHeaders()));
        Assert.Empty(await head.BytesAsync());
    }

    [Fact]
    public async Task Manifest_without_artifact_type_is_listed_under_that_of_its_config()
    {
        string config = await _registry.PushBlobAsync(_name.Value, TestContent.Bytes(100));
        byte[] manifest = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{"mediaType":"a/config","digest":"{{config}}","size":100},"layers":[],"subject":{{Descriptor(_subject)}}}""");
        await _registry.PushManifestAsync(_name.Value, "signature", manifest, MediaTypes.OciManifest);

        JsonElement listed = Assert.Single(await ListAsync());

        Assert.Equal(
            (MediaTypes.OciManifest, TestContent.Sha256(manifest), "a/config"),
            (listed.GetProperty("mediaType").GetString(), listed.GetProperty("digest").GetString(), listed.GetProperty("artifactType").GetString()));
    }

    [Fact]
    public async Task Put_without_subject_names_none_and_is_nobodys_referrer()
    {
        byte[] plain = """{"schemaVersion":2,"manifests":[]}"""u8.ToArray();

        using HttpResponseMessage pushed = await _registry.PutManifestAsync(_name.Value, "t", plain, MediaTypes.OciIndex);

        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        Assert.False(pushed.Headers.Contains("OCI-Subject"));
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [InlineData(""" "subject":{"mediaType":"a/b","digest":"sha256:0","size":1} """)]
    [InlineData(""" "annotations":{"a":1} """)]
    public async Task Put_with_a_subject_or_annotations_that_are_none_is_refused(string member)
    {
        byte[] manifest = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"manifests":[],{{member}}}""");

        using HttpResponseMessage pushed = await _registry.PutManifestAsync(_name.Value, "t", manifest, MediaTypes.OciIndex);

        await pushed.AssertErrorAsync(400, "MANIFEST_INVALID");
    }

    [Fact]
    public async Task Link_lies_beside_the_keys_of_dockers_registry_and_the_catalog_and_tags_pass_it_over()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        byte[] referrer = Referrer("");
        await registry.PushManifestAsync("team/app", "t", referrer, MediaTypes.OciIndex);
        string key = $"docker/registry/v2/repositories/team/app/_referrers/{_subject.Replace(':', '/')}/{TestContent.Sha256(referrer).Replace(':', '/')}/link";

        Assert.Equal(TestContent.Sha256(referrer), (await new LinkStore(registry.Store).ReadAsync(key, TestContext.Current.CancellationToken)).ToString());
        using HttpResponseMessage catalog = await registry.GetAsync("/v2/_catalog");
        using HttpResponseMessage tags = await registry.GetAsync("/v2/team/app/tags/list");
        Assert.Equal("""{"repositories":["team/app"]}""", (await catalog.JsonAsync()).GetRawText());
        Assert.Equal("""{"name":"team/app","tags":["t"]}""", (await tags.JsonAsync()).GetRawText());
    }

    [Theory]
    [InlineData("application%2Fvnd.example.sbom%2Bjson", "a b")]
    [InlineData("application/vnd.example.sbom+json", "a b")]
    [InlineData("application/vnd.example.signature", "c")]
    [InlineData("application/vnd.example", "")]
    public async Task Filter_leaves_the_referrers_of_one_type_and_says_so(string filter, string expected)
    {
        foreach ((string mark, string type) in ((string, string)[])[("a", Sbom), ("b", Sbom), ("c", "application/vnd.example.signature")])
        {
            await PushAsync($$""","artifactType":"{{type}}","annotations":{"mark":"{{mark}}"}""");
        }

        await PushAsync("");

        using HttpResponseMessage response = await _registry.GetAsync($"{Path()}?artifactType={filter}");

        Assert.Equal("artifactType", response.Header("OCI-Filters-Applied"));
        Assert.Equal(expected, string.Join(' ', (await ReadAsync(response)).Select(d => d.GetProperty("annotations").GetProperty("mark").GetString()).Order()));
    }

    [Fact]
    public async Task Empty_filter_filters_nothing()
    {
        await PushAsync("");

        using HttpResponseMessage response = await _registry.GetAsync($"{Path()}?artifactType=");

        Assert.False(response.Headers.Contains("OCI-Filters-Applied"));
        Assert.Single(await ReadAsync(response));
    }

    [Fact]
    public async Task Digest_that_nothing_refers_to_has_an_empty_list_in_any_repository()
    {
        await _registry.PushImageAsync(_name.Value, "v1");
        await PushAsync("");

        foreach (string path in (string[])[$"/v2/{_name}/referrers/{TestContent.Sha512("x"u8)}", $"/v2/absent/referrers/{_subject}"])
        {
            using HttpResponseMessage response = await _registry.GetAsync(path);
            Assert.Equal((HttpStatusCode.OK, EmptyList), (response.StatusCode, Encoding.UTF8.GetString(await response.BytesAsync())));
        }
    }

    [Theory]
    [InlineData("team/app", "latest", "DIGEST_INVALID")]
    [InlineData("team/app", "sha256:e3b0", "DIGEST_INVALID")]
    [InlineData("team/app", "", "DIGEST_INVALID")]
    [InlineData("Team", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "NAME_INVALID")]
    public async Task Request_that_is_malformed_is_400(string name, string digest, string code)
    {
        using HttpResponseMessage response = await _registry.GetAsync($"/v2/{name}/referrers/{digest}");

        await response.AssertErrorAsync(400, code);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task List_cannot_be_written(string method)
    {
        using HttpResponseMessage response = await _registry.SendAsync(new HttpMethod(method), Path());

        await response.AssertErrorAsync(405, "UNSUPPORTED");
    }

    [Fact]
    public async Task Referrer_that_the_repository_does_not_hold_any_more_is_left_out()
    {
        string kept = await PushAsync(""","annotations":{"a":"kept"}""");
        string gone = await PushAsync(""","annotations":{"a":"gone"}""");
        Assert.True(Digest.TryParse(gone, out Digest digest));

        await _registry.Store.DeleteAsync(KeyLayout.RevisionLink(_name, digest), TestContext.Current.CancellationToken);

        Assert.Equal([kept], await DigestsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Referrers_that_clients_list_under_a_tag_are_listed_as_well_each_once(bool isSha512)
    {
        string subject = isSha512 ? TestContent.Sha512("subject"u8) : _subject;
        string linked = await PushAsync(""","annotations":{"a":"linked"}""", subject);
        string tagged = await PushAsync(""","annotations":{"a":"tagged"}""", subject);
        string other = await PushAsync("", TestContent.Sha256("another subject"u8));
        Assert.True(Digest.TryParse(subject, out Digest parsed));
        Assert.True(Digest.TryParse(tagged, out Digest digest));
        await _registry.Store.DeleteAsync(KeyLayout.ReferrerLink(_name, parsed, digest), TestContext.Current.CancellationToken);
        Assert.Equal([linked], await DigestsAsync(subject));
        byte[] index = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{Descriptor(linked)}},{{Descriptor(tagged)}},{{Descriptor(tagged)}},{{Descriptor(other)}}]}""");

        await _registry.PushManifestAsync(_name.Value, $"{parsed.Algorithm.Name}-{parsed.Hex[..64]}", index, MediaTypes.OciIndex);

        Assert.Equal(new[] { linked, tagged }.Order(StringComparer.Ordinal), await DigestsAsync(subject));
    }

    [Theory]
    [InlineData(2, false, false, false)]
    [InlineData(3, true, false, false)]
    [InlineData(4, true, true, false)]
    [InlineData(5, true, true, true)]
    public async Task Push_that_breaks_off_leaves_no_referrer_without_a_manifest_and_no_tag_without_a_referrer(
        int failing, bool isHeld, bool isListed, bool isTagged)
    {
        using var inner = new InMemoryStore();
        using var store = new FaultyStore(inner);
        await using TestRegistry registry = await TestRegistry.StartAsync(replace: services => services.AddSingleton<IObjectStore>(store));
        byte[] referrer = Referrer("");
        int writes = 0;
        store.Before = method => method == nameof(IObjectStore.WriteAsync) && ++writes == failing ? Task.FromException(FaultyStore.Failure()) : Task.CompletedTask;

        using HttpResponseMessage pushed = await registry.PutManifestAsync(_name.Value, "t", referrer, MediaTypes.OciIndex);
        using HttpResponseMessage held = await registry.GetAsync($"/v2/{_name}/manifests/{TestContent.Sha256(referrer)}");
        using HttpResponseMessage tagged = await registry.GetAsync($"/v2/{_name}/manifests/t");
        using HttpResponseMessage list = await registry.GetAsync(Path());

        await pushed.AssertErrorAsync(503, "UNAVAILABLE");
        Assert.Equal((isHeld, isTagged), (held.IsSuccessStatusCode, tagged.IsSuccessStatusCode));
        Assert.Equal(isListed ? 1 : 0, (await ReadAsync(list)).Count);
    }

    [Fact]
    public async Task Tag_of_that_name_which_is_an_image_adds_nothing()
    {
        await _registry.PushImageAsync(_name.Value, _subject.Replace(':', '-'));

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task More_than_a_page_of_referrers_is_listed_page_after_page_and_filters_go_on()
    {
        const int Count = PageSize + 2;
        var manifests = new ManifestStore(_registry.Store, new ContentStore(_registry.Store), new LinkStore(_registry.Store));
        Assert.True(Digest.TryParse(_subject, out Digest subject));
        var expected = new List<string>();
        for (int i = 0; i < Count; i++)
        {
            byte[] referrer = Referrer($$""","artifactType":"{{Sbom}}","annotations":{"i":"{{i}}"}""");
            expected.Add(TestContent.Sha256(referrer));
            await manifests.WriteAsync(_name, Digest.Of(DigestAlgorithm.Sha256, referrer), referrer, subject, [], TestContext.Current.CancellationToken);
        }

        expected.Sort(StringComparer.Ordinal);
        foreach ((string query, int found) in ((string, int)[])[("", Count), ("?artifactType=application%2Fvnd.example.sbom%2Bjson", Count), ("?artifactType=other", 0)])
        {
            (List<JsonElement> all, List<int> pages) = await FollowAsync(Path() + query);
            Assert.Equal(expected.Take(found), all.Select(d => d.GetProperty("digest").GetString()));
            Assert.Equal(found == 0 ? [0, 0] : [PageSize, 2], pages);
        }

        using HttpResponseMessage behindAll = await _registry.GetAsync($"{Path()}?last={expected[^1]}");
        using HttpResponseMessage beforeAll = await _registry.GetAsync($"{Path()}?last=0");
        Assert.Empty(await ReadAsync(behindAll));
        Assert.Equal(PageSize, (await ReadAsync(beforeAll)).Count);
    }

    [Fact]
    public async Task Answer_stays_below_4_MiB_whatever_the_annotations()
    {
        for (int i = 0; i < 3; i++)
        {
            await PushAsync($$""","annotations":{"i":"{{i}}{{new string('x', 2 * 1024 * 1024)}}"}""");
        }

        (List<JsonElement> all, List<int> pages) = await FollowAsync(Path());

        Assert.Equal([1, 1, 1], pages);
        Assert.Equal(3, all.Select(d => d.GetProperty("digest").GetString()).Distinct().Count());
        Assert.All(all, d => Assert.True(d.TryGetProperty("annotations", out _)));
    }

    [Fact]
    public async Task Referrer_that_fits_no_answer_is_listed_without_what_it_says_of_itself()
    {
        int frame = Referrer(""","annotations":{"i":""}""").Length;
        string digest = await PushAsync($$""","annotations":{"i":"{{new string('x', ManifestDocument.MaximumSize - frame)}}"}""");

        JsonElement listed = Assert.Single(await ListAsync());

        Assert.Equal(digest, listed.GetProperty("digest").GetString());
        Assert.Equal(["mediaType", "digest", "size"], listed.EnumerateObject().Select(p => p.Name));
    }

    private string Path(string? subject = null) => $"/v2/{_name}/referrers/{subject ?? _subject}";

    private static string Descriptor(string digest) => $$"""{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{digest}}","size":100}""";

    // An index needs no blobs.
    private byte[] Referrer(string members, string? subject = null) => Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[],"subject":{{Descriptor(subject ?? _subject)}}{{members}}}""");

    private Task<string> PushAsync(string members, string? subject = null)
    {
        byte[] referrer = Referrer(members, subject);
        return _registry.PushManifestAsync(_name.Value, TestContent.Sha256(referrer), referrer, MediaTypes.OciIndex);
    }

    private async Task<List<JsonElement>> ListAsync(string? subject = null)
    {
        using HttpResponseMessage response = await _registry.GetAsync(Path(subject));
        return await ReadAsync(response);
    }

    private async Task<IEnumerable<string?>> DigestsAsync(string? subject = null) =>
        (await ListAsync(subject)).Select(d => d.GetProperty("digest").GetString());

    private async Task<(List<JsonElement> All, List<int> Pages)> FollowAsync(string path)
    {
        var all = new List<JsonElement>();
        var pages = new List<int>();
        for (string? next = path; next is not null;)
        {
            using HttpResponseMessage response = await _registry.GetAsync(next);
            List<JsonElement> page = await ReadAsync(response);
            all.AddRange(page);
            pages.Add(page.Count);
            next = response.Headers.Contains("Link") ? response.Header("Link").Split('<', '>')[1] : null;
        }

        return (all, pages);
    }

    private static async Task<List<JsonElement>> ReadAsync(HttpResponseMessage response)
    {
        byte[] body = await response.BytesAsync();
        Assert.Equal((HttpStatusCode.OK, MediaTypes.OciIndex), (response.StatusCode, response.Header("Content-Type")));
        Assert.InRange(body.Length, EmptyList.Length, ManifestDocument.MaximumSize);
        using JsonDocument document = JsonDocument.Parse(body);
        return [.. document.RootElement.GetProperty("manifests").EnumerateArray().Select(d => d.Clone())];
    }
}
