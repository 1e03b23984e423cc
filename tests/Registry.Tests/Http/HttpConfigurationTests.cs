using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class HttpConfigurationTests
{
    [Fact]
    public async Task Headers_are_on_every_answer_errors_too()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(c => c with
        {
            Http = c.Http with { Headers = new Dictionary<string, IReadOnlyList<string>> { ["X-Content-Type-Options"] = ["nosniff"], ["X-Two"] = ["a", "b"] } },
        });

        foreach (string path in (string[])["/v2/", "/v2/a/manifests/t", "/nowhere"])
        {
            using HttpResponseMessage response = await registry.GetAsync(path);
            Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
            Assert.Equal(["a", "b"], response.Headers.GetValues("X-Two"));
        }
    }

    [Fact]
    public async Task Relative_urls_make_locations_paths()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(c => c with { Http = c.Http with { RelativeUrls = true } });

        Assert.StartsWith("/v2/app/blobs/uploads/", await LocationAsync(registry), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_makes_locations_lie_under_it()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(c => c with { Http = c.Http with { Host = new Uri("https://registry.example.com:8443") } });

        Assert.StartsWith("https://registry.example.com:8443/v2/app/blobs/uploads/", await LocationAsync(registry), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https", "https")]
    [InlineData("http", "http")]
    [InlineData("gopher", "http")]
    public async Task Locations_lie_under_what_the_client_asked_by_default(string forwarded, string scheme)
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();

        string location = await LocationAsync(registry, ("Host", "registry.example.com:5000"), ("X-Forwarded-Proto", forwarded));

        Assert.StartsWith($"{scheme}://registry.example.com:5000/v2/app/blobs/uploads/", location, StringComparison.Ordinal);
    }

    private static async Task<string> LocationAsync(TestRegistry registry, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await registry.SendAsync(HttpMethod.Post, "/v2/app/blobs/uploads/", null, headers);
        return response.Header("Location");
    }
}
