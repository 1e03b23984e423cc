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
    [InlineData("POST", "/v2/")]
    [InlineData("DELETE", "/v2/_catalog")]
    [InlineData("PUT", "/v2/a/tags/list")]
    [InlineData("POST", "/v2/a/manifests/t")]
    [InlineData("PATCH", "/v2/a/manifests/t")]
    [InlineData("PUT", "/v2/a/blobs/sha256:00")]
    [InlineData("PUT", "/v2/a/blobs/uploads/")]
    [InlineData("POST", "/v2/a/blobs/uploads/id")]
    [InlineData("TRACE", "/v2/a/manifests/t")]
    [InlineData("NONSENSE", "/v2/a/manifests/t")]
    public async Task Method_that_an_endpoint_does_not_have_is_405(string method, string path)
    {
        using HttpResponseMessage response = await _registry.SendAsync(new HttpMethod(method), path);

        await response.AssertErrorAsync(405, "UNSUPPORTED");
    }
}
