using System.Net;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class BaseApiTests(RegistryFixture fixture) : IClassFixture<RegistryFixture>
{
    private readonly TestRegistry _registry = fixture.Registry;

    [Theory]
    [InlineData("/v2/")]
    [InlineData("/v2")]
    public async Task Get_base_says_which_api_is_spoken(string path)
    {
        using HttpResponseMessage response = await _registry.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("registry/2.0", response.Header("Docker-Distribution-API-Version"));
        Assert.Empty((await response.JsonAsync()).EnumerateObject());
    }

    [Fact]
    public async Task Head_base_is_get_without_a_body()
    {
        using HttpResponseMessage get = await _registry.GetAsync("/v2/");
        using HttpResponseMessage head = await _registry.HeadAsync("/v2/");

        Assert.Equal(get.ContentHeaders(), head.ContentHeaders());
        Assert.Empty(await head.BytesAsync());
    }

    [Fact]
    public async Task Get_root_is_200_for_load_balancers()
    {
        using HttpResponseMessage response = await _registry.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/v1/")]
    [InlineData("/v2/name")]
    [InlineData("/debug/health")]
    [InlineData("/debug/pprof")]
    [InlineData("/metrics")]
    [InlineData("/index.html")]
    public async Task Get_what_is_no_endpoint_is_404(string path)
    {
        using HttpResponseMessage response = await _registry.GetAsync(path);

        await response.AssertErrorAsync(404, "UNSUPPORTED");
    }

    [Theory]
    [InlineData("POST", "/v2/", "GET, HEAD")]
    [InlineData("DELETE", "/v2/_catalog", "GET, HEAD")]
    [InlineData("PUT", "/v2/a/tags/list", "GET, HEAD")]
    [InlineData("POST", "/v2/a/manifests/t", "GET, HEAD, PUT")]
    [InlineData("PATCH", "/v2/a/manifests/t", "GET, HEAD, PUT")]
    [InlineData("PUT", "/v2/a/blobs/sha256:00", "GET, HEAD")]
    [InlineData("PUT", "/v2/a/blobs/uploads/", "POST")]
    [InlineData("POST", "/v2/a/blobs/uploads/id", "GET, HEAD, PUT, PATCH, DELETE")]
    [InlineData("TRACE", "/v2/a/manifests/t", "GET, HEAD, PUT")]
    [InlineData("NONSENSE", "/v2/a/manifests/t", "GET, HEAD, PUT")]
    public async Task Method_that_an_endpoint_does_not_have_is_405_with_those_that_it_has(string method, string path, string allowed)
    {
        using HttpResponseMessage response = await _registry.SendAsync(new HttpMethod(method), path);
        using HttpResponseMessage options = await _registry.SendAsync(HttpMethod.Options, path);

        await response.AssertErrorAsync(405, "UNSUPPORTED");
        Assert.Equal((200, allowed, allowed), ((int)options.StatusCode, Allowed(options), Allowed(response)));

        static string Allowed(HttpResponseMessage answer) => string.Join(", ", answer.Content.Headers.Allow);
    }
}
