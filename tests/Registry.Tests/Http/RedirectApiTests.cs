using System.Net;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>A registry that sends clients to S3 for blobs.</summary>
public sealed class RedirectApiTests : IAsyncLifetime
{
    private readonly string _name = TestContent.NewName();
    private readonly byte[] _blob = TestContent.Bytes(1000);
    private readonly LogRecorder _log = new();
    private TestRegistry? _started;

    private TestRegistry Registry => _started!;

    public async ValueTask InitializeAsync() => _started = await TestRegistry.StartAsync(
        c => c with
        {
            Log = new LogConfiguration { Level = LogThreshold.Debug },
            Storage = c.Storage with
            {
                Driver = new S3Driver { Bucket = "images", Region = "us-east-1", AccessKey = "AK", SecretKey = "SK", RootDirectory = "root" },
                RedirectEnabled = true,
            },
        },
        services =>
        {
            services.AddSingleton<IObjectStore>(new InMemoryStore());
            services.AddSingleton<ILoggerProvider>(_log);
        });

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("GET", "bytes=10-19")]
    [InlineData("GET", "bytes=5000-")]
    [InlineData("HEAD", null)]
    public async Task Blob_is_answered_with_where_it_lies(string method, string? range)
    {
        string digest = await Registry.PushBlobAsync(_name, _blob);

        using HttpResponseMessage response = await Registry.SendAsync(
            new HttpMethod(method), $"/v2/{_name}/blobs/{digest}", null, range is null ? [] : [("Range", range)]);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal(("no-store", digest), (response.Header("Cache-Control"), response.Header("Docker-Content-Digest")));
        string hex = digest["sha256:".Length..];
        Assert.StartsWith(
            $"https://images.s3.us-east-1.amazonaws.com/root/docker/registry/v2/blobs/sha256/{hex[..2]}/{hex}/data?", response.Header("Location"), StringComparison.Ordinal);
        Assert.Contains("X-Amz-Signature=", response.Header("Location"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Blob_that_the_repository_does_not_link_is_404(string method)
    {
        string digest = await Registry.PushBlobAsync(TestContent.NewName(), _blob);

        using HttpResponseMessage response = await Registry.SendAsync(new HttpMethod(method), $"/v2/{_name}/blobs/{digest}");

        Assert.Equal((HttpStatusCode.NotFound, false), (response.StatusCode, response.Headers.Contains("Location")));
    }

    [Fact]
    public async Task Blob_that_the_client_has_is_304_and_manifests_are_sent_by_the_registry()
    {
        string digest = await Registry.PushBlobAsync(_name, _blob);
        await Registry.PushImageAsync(_name, "v1");

        using HttpResponseMessage unchanged = await Registry.GetAsync($"/v2/{_name}/blobs/{digest}", ("If-None-Match", $"\"{digest}\""));
        using HttpResponseMessage manifest = await Registry.GetAsync($"/v2/{_name}/manifests/v1");

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.OK), (unchanged.StatusCode, manifest.StatusCode));
    }

    [Fact]
    public async Task Signed_url_is_not_logged()
    {
        string digest = await Registry.PushBlobAsync(_name, _blob);
        using HttpResponseMessage response = await Registry.GetAsync($"/v2/{_name}/blobs/{digest}");

        await Eventually.HoldsAsync(() => Task.FromResult(_log.Texts.Any(t => t.Contains($"/blobs/{digest} 307", StringComparison.Ordinal))), "the request is in the access log");

        Assert.DoesNotContain(_log.Texts, t => t.Contains("X-Amz-", StringComparison.OrdinalIgnoreCase));
    }
}
