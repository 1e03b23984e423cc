using System.Net;
using System.Text.Json;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Tests.Mirror;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary><c>ns</c> and hosts in paths that no runtime sends: each is refused as the client's mistake, whatever the table has.</summary>
public sealed class HostileNamespaceTests
{
    public static readonly TheoryData<string> Queries = new(
    [
        "ns",
        "ns=",
        "ns=%20",
        "ns=*",
        "ns=%2A",
        "ns=team",
        "ns=..",
        "ns=../..",
        "ns=..%2F..",
        "ns=%2e%2e",
        "ns=registry.example.com/",
        "ns=registry.example.com%2Fteam",
        "ns=registry%252Eexample.com",
        "ns=registry.example.com%00",
        "ns=registry.example.com%0d%0aX-Injected:%201",
        "ns=registry.example.com%0a",
        "ns=+registry.example.com",
        "ns=registry.example.com.",
        "ns=registry.example.com:",
        "ns=registry.example.com:0",
        "ns=registry.example.com:05000",
        "ns=registry.example.com:99999",
        "ns=registry.example.com%3A5000%3A1",
        "ns=http://registry.example.com",
        "ns=//registry.example.com",
        "ns=user@registry.example.com",
        "ns=registry.example.com%23",
        "ns=registry.example.com%3Fns%3Dother.example.com",
        "ns=[::1]:5000",
        "ns=regi%C5%BFtry.example.com",
        "ns=%ff%fe",
        "ns=%zz",
        "ns=a_b.example.com",
        "ns=registry.example.com_5000",
        "ns=registry.example.com&ns=registry.example.com",
        "ns=registry.example.com&ns=other.example.com",
        "ns=registry.example.com&NS=other.example.com",
        "ns=registry.example.com&n%73=other.example.com",
        "ns=&ns=registry.example.com",
        $"ns={new string('a', 254)}",
        $"ns={new string('a', 4000)}.example.com",
        $"ns=registry.example.com:{new string('0', 4000)}1",
        string.Join('&', Enumerable.Repeat("ns=registry.example.com", 300)),
    ]);

    public static readonly TheoryData<string> Paths = new(
    [
        "/v2/registry.example.com/../../etc/manifests/v1",
        "/v2/registry.example.com/%2e%2e/manifests/v1",
        "/v2/registry.example.com%2Fteam%2Fapp/manifests/v1",
        "/v2/registry.example.com%00/app/manifests/v1",
        "/v2/registry.example.com:/app/manifests/v1",
        "/v2/registry.example.com:0/app/manifests/v1",
        "/v2/registry.example.com:99999/app/manifests/v1",
        "/v2/*/app/manifests/v1",
        "/v2/*:5000/app/manifests/v1",
        "/v2/[::1]:5000/app/manifests/v1",
        "/v2/regi%C5%BFtry.example.com/app/manifests/v1",
        "/v2/http://registry.example.com/app/manifests/v1",
        "//v2/app/manifests/v1",
        "//registry.example.com/v2/app/manifests/v1",
        "/%2e%2e/v2/x",
        "/*/v2/app/manifests/v1",
        "/registry.example.com%2Fv2/app/manifests/v1",
        "/registry.example.com/v2/../../app/manifests/v1",
        "/registry.example.com:99999/v2/app/manifests/v1",
        "/a.b/registry.example.com/v2/app/manifests/v1",
    ]);

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Namespace_that_is_no_host_is_400_on_every_endpoint(string query)
    {
        foreach (MirrorConfiguration mirrors in (MirrorConfiguration[])[TestMirrors.Of(("registry.example.com", "")), TestMirrors.Of(("*", "all"))])
        {
            await using TestRegistry registry = await TestRegistry.StartAsync(mirrors: mirrors);
            foreach (string requestLine in (string[])[$"GET /v2/?{query}", $"HEAD /v2/app/manifests/v1?{query}", $"POST /v2/app/blobs/uploads/?{query}", $"GET /v2/_catalog?{query}"])
            {
                (int status, string code) = await SendAsync(registry, requestLine);

                Assert.Equal((400, requestLine.StartsWith("HEAD", StringComparison.Ordinal) ? "" : "NAME_INVALID"), (status, code));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Path_that_is_no_hosts_is_4xx(string path)
    {
        foreach (MirrorConfiguration mirrors in (MirrorConfiguration[])[TestMirrors.Of(("registry.example.com", "")), TestMirrors.Of(("*", "all"))])
        {
            await using TestRegistry registry = await TestRegistry.StartAsync(mirrors: mirrors);

            (int status, string code) = await SendAsync(registry, $"GET {path}");

            Assert.Contains((status, code), (IEnumerable<(int, string)>)[(400, "NAME_INVALID"), (404, "UNSUPPORTED"), (404, "MANIFEST_UNKNOWN"), (400, "")]);
        }
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Without_a_table_the_namespace_is_not_looked_at(string query)
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();

        (int status, _) = await SendAsync(registry, $"GET /v2/?{query}");

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Without_a_table_a_host_is_a_name_like_any_other()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        byte[] manifest = await registry.PushImageAsync("registry.example.com/team/app", "v1");

        using HttpResponseMessage direct = await registry.GetAsync("/v2/registry.example.com/team/app/manifests/v1?ns=other.example.com");
        using HttpResponseMessage front = await registry.GetAsync("/registry.example.com/v2/team/app/manifests/v1");
        using HttpResponseMessage canary = await registry.GetAsync("/v2/localregistry.dev/canary/manifests/v1?ns=registry.example.com");

        Assert.Equal((HttpStatusCode.OK, manifest.Length), (direct.StatusCode, (await direct.BytesAsync()).Length));
        await front.AssertErrorAsync(404, "UNSUPPORTED");
        await canary.AssertErrorAsync(404, "MANIFEST_UNKNOWN");
    }

    private static async Task<(int Status, string Code)> SendAsync(TestRegistry registry, string requestLine)
    {
        using RawConnection connection = await RawConnection.OpenAsync(registry.Url);
        await connection.SendHeadAsync(requestLine, "Content-Length: 0");
        bool isHead = requestLine.StartsWith("HEAD", StringComparison.Ordinal);
        (int status, Dictionary<string, string> headers, byte[] body) = await connection.ReceiveAsync(hasBody: !isHead);

        Assert.False(headers.ContainsKey("X-Injected"));
        Assert.InRange(body.Length, 0, 1000);
        if (body.Length == 0 || status == 200)
        {
            return (status, "");
        }

        using JsonDocument document = JsonDocument.Parse(body);
        string code = document.RootElement.GetProperty("errors")[0].GetProperty("code").GetString()!;
        ResponseAssertions.AssertError(document.RootElement, code);
        return (status, code);
    }
}
