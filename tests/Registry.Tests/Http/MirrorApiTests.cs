using System.Net;
using System.Text;
using System.Text.Json;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Tests.Mirror;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>Requests for images of the hosts that the registry stands in for, in each way that a runtime sends them.</summary>
public sealed class MirrorApiTests : IAsyncLifetime
{
    private TestRegistry? _started;

    private TestRegistry Registry => _started!;

    public async ValueTask InitializeAsync() => _started = await TestRegistry.StartAsync(
        c => c with { TagsMaxEntries = 2 },
        mirrors: TestMirrors.Of(("registry.example.com", ""), ("registry.example.com:5000", "port"), ("docker.io", "mirror/hub"), ("quay.io", "quay")));

    public ValueTask DisposeAsync() => Registry.DisposeAsync();

    [Theory]
    [InlineData("team/app", "/v2/team/app/", "?ns=registry.example.com")]
    [InlineData("team/app", "/v2/team/app/", "?NS=Registry.Example.COM")]
    [InlineData("team/app", "/v2/team/app/", "?x=1&ns=registry%2Eexample%2Ecom")]
    [InlineData("team/app", "/v2/registry.example.com/team/app/", "")]
    [InlineData("team/app", "/v2/Registry.example.com/team/app/", "")]
    [InlineData("team/app", "/v2/registry.example.com/team/app/", "?ns=registry.example.com")]
    [InlineData("team/app", "/registry.example.com/v2/team/app/", "")]
    [InlineData("team/app", "/registry.example.com/v2/team/app/", "?ns=registry.example.com")]
    [InlineData("team/app", "/v2/team/app/", "")]
    [InlineData("port/app", "/v2/app/", "?ns=registry.example.com:5000")]
    [InlineData("port/app", "/v2/app/", "?ns=registry.example.com%3A5000")]
    [InlineData("port/app", "/v2/registry.example.com:5000/app/", "")]
    [InlineData("port/app", "/registry.example.com:5000/v2/app/", "")]
    [InlineData("port/app", "/v2/registry.example.com_5000/app/", "")]
    [InlineData("port/app", "/v2/registry.example.com_5000/app/", "?ns=registry.example.com:5000")]
    [InlineData("port/app", "/registry.example.com_5000/v2/app/", "")]
    [InlineData("mirror/hub/library/nginx", "/v2/library/nginx/", "?ns=docker.io")]
    [InlineData("mirror/hub/library/nginx", "/v2/nginx/", "?ns=docker.io")]
    [InlineData("mirror/hub/library/nginx", "/v2/nginx/", "?ns=registry-1.docker.io")]
    [InlineData("mirror/hub/library/nginx", "/v2/docker.io/library/nginx/", "?ns=docker.io")]
    [InlineData("mirror/hub/library/nginx", "/v2/index.docker.io/nginx/", "?ns=docker.io")]
    [InlineData("mirror/hub/library/nginx", "/docker.io/v2/library/nginx/", "?ns=docker.io")]
    [InlineData("docker.io/library/nginx", "/v2/docker.io/library/nginx/", "?ns=registry.example.com")]
    [InlineData("quay.io/app", "/v2/registry.example.com/quay.io/app/", "")]
    [InlineData("other.example.com/app", "/v2/other.example.com/app/", "")]
    [InlineData("registry.example.com", "/v2/registry.example.com/", "")]
    public async Task Image_is_found_where_the_host_has_it_in_the_bucket(string repository, string path, string query)
    {
        byte[] manifest = await SeedAsync(repository);
        string blob = TestContent.Sha256(TestContent.Bytes(100));

        foreach (string what in (string[])["manifests/v1", $"manifests/{TestContent.Sha256(manifest)}", $"blobs/{blob}", "tags/list"])
        {
            using HttpResponseMessage get = await Registry.GetAsync($"{path}{what}{query}");
            using HttpResponseMessage head = await Registry.HeadAsync($"{path}{what}{query}");

            Assert.Equal(HttpStatusCode.OK, get.StatusCode);
            Assert.Equal(get.ContentHeaders(), head.ContentHeaders());
            if (what.StartsWith("manifests", StringComparison.Ordinal))
            {
                Assert.Equal(manifest, await get.BytesAsync());
            }
        }

        using HttpResponseMessage part = await Registry.GetAsync($"{path}blobs/{blob}{query}", ("Range", "bytes=10-19"));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(TestContent.Bytes(100)[10..20], await part.BytesAsync());
    }

    [Theory]
    [InlineData("/v2/?ns=docker.io", 200)]
    [InlineData("/v2?ns=docker.io", 200)]
    [InlineData("/docker.io/v2/", 200)]
    [InlineData("/docker.io/v2", 200)]
    [InlineData("/v2/?ns=other.example.com", 404)]
    [InlineData("/other.example.com/v2/", 404)]
    [InlineData("/v2/?ns=", 400)]
    public async Task Base_says_whether_the_host_is_mirrored(string path, int status)
    {
        using HttpResponseMessage get = await Registry.GetAsync(path);
        using HttpResponseMessage head = await Registry.HeadAsync(path);

        Assert.Equal((status, status), ((int)get.StatusCode, (int)head.StatusCode));
    }

    [Theory]
    [InlineData("/v2/team/app/manifests/v1?ns=other.example.com", "other.example.com")]
    [InlineData("/v2/team/app/manifests/v1?ns=docker.io:443", "docker.io:443")]
    [InlineData("/v2/team/app/manifests/v1?ns=localhost", "localhost")]
    [InlineData("/v2/team/app/manifests/v1?ns=169.254.169.254", "169.254.169.254")]
    [InlineData("/v2/quay.io/team/app/manifests/v1?ns=other.example.com", "other.example.com")]
    [InlineData("/v2/team/app/tags/list?ns=other.example.com", "other.example.com")]
    [InlineData("/v2/_catalog?ns=other.example.com", "other.example.com")]
    [InlineData("/other.example.com/v2/team/app/manifests/v1", "other.example.com")]
    public async Task Host_that_is_not_in_the_table_is_404_and_the_answer_names_no_other(string path, string host)
    {
        await SeedAsync("team/app");

        using HttpResponseMessage response = await Registry.GetAsync(path);

        Assert.Contains(host, await MessageAsync(response), StringComparison.Ordinal);
        Assert.DoesNotContain("registry.example.com", await MessageAsync(response), StringComparison.Ordinal);
        await response.AssertErrorAsync(404, "NAME_UNKNOWN");
    }

    [Theory]
    [InlineData("/docker.io/v2/library/nginx/manifests/v1?ns=quay.io")]
    [InlineData("/quay.io/v2/?ns=docker.io")]
    public async Task Two_hosts_in_one_request_are_400_and_the_answer_names_both(string path)
    {
        using HttpResponseMessage response = await Registry.GetAsync(path);

        string message = await MessageAsync(response);
        Assert.Contains("docker.io", message, StringComparison.Ordinal);
        Assert.Contains("quay.io", message, StringComparison.Ordinal);
        await response.AssertErrorAsync(400, "NAME_INVALID");
    }

    [Theory]
    [InlineData("/v2/Team/app/manifests/v1?ns=docker.io")]
    [InlineData("/v2/team//app/manifests/v1?ns=docker.io")]
    [InlineData("/v2/_layers/manifests/v1?ns=docker.io")]
    [InlineData("/v2/docker.io//manifests/v1")]
    [InlineData("/v2/docker.io/Team/manifests/v1")]
    [InlineData("/docker.io/v2/Team/manifests/v1")]
    [InlineData("/docker.io/v2//manifests/v1")]
    [InlineData("/v2/a%2fb/manifests/v1?ns=docker.io")]
    [InlineData("/v2/docker.io/..%2fb/manifests/v1")]
    [InlineData("/v2/docker.io%2fnginx/manifests/v1")]
    public async Task Name_that_no_repository_can_have_is_400(string path)
    {
        using HttpResponseMessage response = await Registry.GetAsync(path);

        await response.AssertErrorAsync(400, "NAME_INVALID");
    }

    [Fact]
    public async Task Name_that_is_too_long_in_the_bucket_is_400_and_the_answer_says_with_what_before_it()
    {
        string longest = $"team/{new string('n', 255 - "mirror/hub/team/".Length)}";
        using HttpResponseMessage fits = await Registry.GetAsync($"/v2/{longest}/manifests/v1?ns=docker.io");
        using HttpResponseMessage tooLong = await Registry.GetAsync($"/v2/{longest}n/manifests/v1?ns=docker.io");

        await fits.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
        Assert.Contains("mirror/hub/", await MessageAsync(tooLong), StringComparison.Ordinal);
        await tooLong.AssertErrorAsync(400, "NAME_INVALID");
    }

    [Theory]
    [InlineData("/docker.io")]
    [InlineData("/docker.io/")]
    [InlineData("/docker.io/v1/")]
    [InlineData("/docker.io/v2/name")]
    [InlineData("/team/v2/app/manifests/v1")]
    [InlineData("/*/v2/app/manifests/v1")]
    [InlineData("/v2/docker.io/")]
    [InlineData("/docker.io/docker.io/v2/app/manifests/v1")]
    [InlineData("/v2/_catalog?ns=docker.io")]
    [InlineData("/docker.io/v2/_catalog")]
    public async Task What_is_no_endpoint_is_404(string path)
    {
        using HttpResponseMessage response = await Registry.GetAsync(path);

        await response.AssertErrorAsync(404, "UNSUPPORTED");
    }

    [Theory]
    [InlineData("team/push", "/v2/team/push/", "?ns=registry.example.com")]
    [InlineData("team/push", "/v2/registry.example.com/team/push/", "")]
    [InlineData("team/push", "/registry.example.com/v2/team/push/", "")]
    [InlineData("mirror/hub/library/push", "/v2/push/", "?ns=docker.io")]
    [InlineData("mirror/hub/library/push", "/docker.io/v2/push/", "?ns=docker.io")]
    [InlineData("docker.io/library/push", "/v2/registry.example.com/docker.io/library/push/", "")]
    [InlineData("docker.io/library/push", "/v2/docker.io/library/push/", "?ns=registry.example.com")]
    public async Task Push_goes_on_where_the_answer_says_and_lies_where_it_is_pulled_from(string repository, string path, string query)
    {
        byte[] blob = TestContent.Bytes(3000);
        string digest = TestContent.Sha256(blob);
        using HttpResponseMessage begun = await Registry.SendAsync(HttpMethod.Post, $"{path}blobs/uploads/{query}");
        using HttpResponseMessage sent = await Registry.SendAsync(HttpMethod.Patch, Location(begun), blob);
        using HttpResponseMessage status = await Registry.GetAsync(Location(sent));
        string last = Location(status);
        using HttpResponseMessage closed = await Registry.SendAsync(HttpMethod.Put, $"{last}{(last.Contains('?') ? '&' : '?')}digest={digest}", []);
        using HttpResponseMessage pulled = await Registry.GetAsync(Location(closed));
        byte[] manifest = TestContent.Manifest(MediaTypes.OciManifest, blob);
        using HttpResponseMessage put = await Registry.SendAsync(
            HttpMethod.Put, $"{path}manifests/v1{query}", manifest, ("Content-Type", MediaTypes.OciManifest));
        using HttpResponseMessage got = await Registry.GetAsync(Location(put));

        Assert.Equal(HttpStatusCode.Created, closed.StatusCode);
        Assert.Equal(blob, await pulled.BytesAsync());
        Assert.Equal(manifest, await got.BytesAsync());
        Assert.Contains($"docker/registry/v2/repositories/{repository}/_manifests/tags/v1/current/link", await Registry.Store.KeysAsync());
    }

    [Theory]
    [InlineData("/v2/new/", "&ns=quay.io", "team/app")]
    [InlineData("/v2/quay.io/new/", "", "quay.io/team/app")]
    [InlineData("/quay.io/v2/new/", "", "team/app")]
    [InlineData("/v2/new/", "", "quay.io/team/app")]
    [InlineData("/v2/quay.io/new/", "", "quay/team/app")]
    public async Task Mount_takes_a_blob_from_the_repository_that_the_client_means(string path, string query, string from)
    {
        await SeedAsync("quay/team/app");
        string digest = TestContent.Sha256(TestContent.Bytes(100));

        using HttpResponseMessage mounted = await Registry.SendAsync(HttpMethod.Post, $"{path}blobs/uploads/?mount={digest}&from={from}{query}");
        using HttpResponseMessage pulled = await Registry.GetAsync(Location(mounted));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (mounted.StatusCode, pulled.StatusCode));
    }

    [Fact]
    public async Task Mount_from_another_hosts_repository_of_the_same_name_begins_an_upload()
    {
        await SeedAsync("quay/team/app");
        string digest = TestContent.Sha256(TestContent.Bytes(100));

        using HttpResponseMessage response = await Registry.SendAsync(
            HttpMethod.Post, $"/v2/new/blobs/uploads/?mount={digest}&from=team/app&ns=registry.example.com");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Theory]
    [InlineData("/v2/team/app/tags/list", "?ns=quay.io", "team/app")]
    [InlineData("/v2/quay.io/team/app/tags/list", "", "quay.io/team/app")]
    [InlineData("/quay.io/v2/team/app/tags/list", "", "team/app")]
    public async Task Tags_go_on_page_after_page_under_the_name_that_the_client_knows(string path, string query, string name)
    {
        foreach (string tag in (string[])["a", "b", "c", "d", "e"])
        {
            await Registry.PushImageAsync("quay/team/app", tag);
        }

        var tags = new List<string>();
        for (string? next = path + query; next is not null;)
        {
            using HttpResponseMessage page = await Registry.GetAsync(next);
            JsonElement body = await page.JsonAsync();
            Assert.Equal(name, body.GetProperty("name").GetString());
            tags.AddRange(body.GetProperty("tags").EnumerateArray().Select(t => t.GetString()!));
            next = page.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? Assert.Single(links).Split('<', '>')[1] : null;
        }

        Assert.Equal(["a", "b", "c", "d", "e"], tags);
    }

    [Theory]
    [InlineData("/v2/team/app/", "?ns=quay.io")]
    [InlineData("/v2/quay.io/team/app/", "")]
    [InlineData("/quay.io/v2/team/app/", "")]
    public async Task Referrers_go_on_page_after_page_in_the_repository_of_the_same_host(string path, string query)
    {
        string subject = TestContent.Sha256("subject"u8);
        string filler = new('x', 3 * 1024 * 1024);
        foreach (int i in (int[])[1, 2])
        {
            byte[] referrer = Encoding.UTF8.GetBytes(
                $$$"""{"schemaVersion":2,"manifests":[],"subject":{"mediaType":"{{{MediaTypes.OciIndex}}}","digest":"{{{subject}}}","size":1},"annotations":{"a":"{{{i}}}{{{filler}}}"}}""");
            await Registry.PushManifestAsync("quay/team/app", $"t{i}", referrer, MediaTypes.OciIndex);
        }

        int pages = 0;
        for (string? next = $"{path}referrers/{subject}{query}"; next is not null; pages++)
        {
            using HttpResponseMessage page = await Registry.GetAsync(next);
            using JsonDocument list = JsonDocument.Parse(await page.BytesAsync());
            Assert.Equal(1, list.RootElement.GetProperty("manifests").GetArrayLength());
            next = page.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? Assert.Single(links).Split('<', '>')[1] : null;
        }

        Assert.Equal(2, pages);
    }

    private static string Location(HttpResponseMessage response) => response.Headers.Location!.PathAndQuery;

    private static async Task<string> MessageAsync(HttpResponseMessage response) =>
        (await response.JsonAsync()).GetProperty("errors")[0].GetProperty("message").GetString()!;

    // Some of the names cannot be pushed to by themselves: their first component is a host.
    private async Task<byte[]> SeedAsync(string repository)
    {
        await using TestRegistry writer = await TestRegistry.StartAsync(replace: services => services.AddSingleton(Registry.Store));
        return await writer.PushImageAsync(repository, "v1");
    }
}
