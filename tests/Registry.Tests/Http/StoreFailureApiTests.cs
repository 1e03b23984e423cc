using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>What clients see while the store behind the registry fails.</summary>
public sealed class StoreFailureApiTests : IAsyncLifetime
{
    private const string Name = "app";

    private static readonly string[] EveryMethod =
    [
        nameof(IObjectStore.StatAsync), nameof(IObjectStore.OpenAsync), nameof(IObjectStore.WriteAsync), nameof(IObjectStore.BeginAsync),
        nameof(IObjectStore.CopyAsync), nameof(IObjectStore.DeleteAsync), nameof(IObjectStore.DeleteFolderAsync), nameof(IObjectStore.ListAsync), "PartAsync", "CompleteAsync", "AbortAsync",
    ];

    private readonly InMemoryStore _inner = new();
    private FaultyStore? _store;
    private TestRegistry? _started;

    private TestRegistry Registry => _started!;

    public async ValueTask InitializeAsync()
    {
        _store = new FaultyStore(_inner);
        _started = await TestRegistry.StartAsync(
            c => c with { Storage = c.Storage with { DeleteEnabled = true } }, services => services.AddSingleton<IObjectStore>(_store));
    }

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        _inner.Dispose();
    }

    [Theory]
    [InlineData(nameof(StoreFailure.Unavailable), 503, "UNAVAILABLE")]
    [InlineData(nameof(StoreFailure.Denied), 403, "DENIED")]
    public async Task Every_request_that_needs_the_store_says_that_it_failed(string failure, int status, string code)
    {
        byte[] manifest = await Registry.PushImageAsync(Name, "v1");
        string upload = await Registry.BeginUploadAsync(Name);
        _store!.Fail(Enum.Parse<StoreFailure>(failure), EveryMethod);

        foreach ((HttpMethod method, string path, byte[]? body) in ((HttpMethod, string, byte[]?)[])[
            (HttpMethod.Get, $"/v2/{Name}/manifests/v1", null),
            (HttpMethod.Head, $"/v2/{Name}/manifests/v1", null),
            (HttpMethod.Put, $"/v2/{Name}/manifests/v2", manifest),
            (HttpMethod.Get, $"/v2/{Name}/blobs/{TestContent.Sha256(TestContent.Bytes(100))}", null),
            (HttpMethod.Head, $"/v2/{Name}/blobs/{TestContent.Sha256("x"u8)}", null),
            (HttpMethod.Get, $"/v2/{Name}/tags/list", null),
            (HttpMethod.Get, "/v2/_catalog", null),
            (HttpMethod.Delete, $"/v2/{Name}/manifests/v1", null),
            (HttpMethod.Delete, $"/v2/{Name}/manifests/{TestContent.Sha256(manifest)}", null),
            (HttpMethod.Delete, $"/v2/{Name}/blobs/{TestContent.Sha256(TestContent.Bytes(100))}", null),
            (HttpMethod.Post, $"/v2/{Name}/blobs/uploads/?mount={TestContent.Sha256("x"u8)}&from=other", null),
            (HttpMethod.Post, $"/v2/{Name}/blobs/uploads/?digest={TestContent.Sha256("x"u8)}", [(byte)'x']),
            (HttpMethod.Put, $"{upload}?digest={TestContent.Sha256("x"u8)}", [(byte)'x'])])
        {
            using HttpResponseMessage response = await Registry.SendAsync(method, path, body, body == manifest ? [("Content-Type", MediaTypes.OciManifest)] : []);
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(status == 503, response.Headers.Contains("Retry-After"));
            if (method != HttpMethod.Head)
            {
                await response.AssertErrorAsync(status, code);
            }
        }
    }

    [Fact]
    public async Task Upload_whose_parts_fail_is_dropped_and_can_be_begun_again()
    {
        byte[] blob = TestContent.Bytes(30 * 1024 * 1024);
        string upload = await Registry.BeginUploadAsync(Name);
        _store!.Fail(StoreFailure.Unavailable, "PartAsync", "AbortAsync");

        using HttpResponseMessage failed = await Registry.SendAsync(HttpMethod.Put, $"{upload}?digest={TestContent.Sha256(blob)}", blob);

        await failed.AssertErrorAsync(503, "UNAVAILABLE");
        using HttpResponseMessage status = await Registry.GetAsync(upload);
        await status.AssertErrorAsync(404, "BLOB_UPLOAD_UNKNOWN");
        _store.Before = _ => Task.CompletedTask;
        Assert.Equal(TestContent.Sha256(blob), await Registry.PushBlobAsync(Name, blob));
    }

    [Fact]
    public async Task Blob_that_breaks_off_in_the_store_breaks_off_at_the_client()
    {
        byte[] blob = TestContent.Bytes(1024 * 1024);
        string digest = await Registry.PushBlobAsync(Name, blob);
        _store!.Through = stream => new BreakingStream(stream, 400 * 1024);

        await Assert.ThrowsAsync<HttpRequestException>(() => Registry.GetAsync($"/v2/{Name}/blobs/{digest}"));

        _store.Through = stream => stream;
        Assert.Equal(blob, await Registry.ReadBlobAsync(Name, digest));
    }

    [Fact]
    public async Task Failure_that_nobody_foresaw_is_500_in_the_usual_shape()
    {
        _store!.Before = _ => throw new InvalidOperationException("a secret detail");

        using HttpResponseMessage response = await Registry.GetAsync($"/v2/{Name}/manifests/v1");

        await response.AssertErrorAsync(500, "UNKNOWN");
        Assert.DoesNotContain("secret", (await response.JsonAsync()).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifest_that_breaks_off_in_the_store_is_503()
    {
        await Registry.PushImageAsync(Name, "v1");
        _store!.Through = stream => new BreakingStream(stream, 80);

        using HttpResponseMessage response = await Registry.GetAsync($"/v2/{Name}/manifests/v1");

        await response.AssertErrorAsync(503, "UNAVAILABLE");
    }

    [Fact]
    public async Task Manifest_that_was_altered_in_the_store_is_never_served()
    {
        byte[] manifest = await Registry.PushImageAsync(Name, "v1");
        Assert.True(Digest.TryParse(TestContent.Sha256(manifest), out Digest digest));
        manifest[^3] ^= 1;
        await _inner.WriteAsync(KeyLayout.BlobData(digest), manifest, onlyIfAbsent: false, TestContext.Current.CancellationToken);

        using HttpResponseMessage response = await Registry.GetAsync($"/v2/{Name}/manifests/v1");

        await response.AssertErrorAsync(500, "UNKNOWN");
    }

    [Fact]
    public async Task Blob_of_which_the_store_has_kept_nothing_is_not_served_as_an_empty_one()
    {
        string text = await Registry.PushBlobAsync(Name, TestContent.Bytes(100));
        Assert.True(Digest.TryParse(text, out Digest digest));
        await _inner.WriteAsync(KeyLayout.BlobData(digest), ReadOnlyMemory<byte>.Empty, onlyIfAbsent: false, TestContext.Current.CancellationToken);

        using HttpResponseMessage response = await Registry.GetAsync($"/v2/{Name}/blobs/{text}");

        await response.AssertErrorAsync(500, "UNKNOWN");
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(1024 * 1024, false)]
    public async Task Blob_that_was_altered_in_the_store_never_gets_to_its_end(int size, bool isOneBuffer)
    {
        byte[] blob = TestContent.Bytes(size);
        string text = await Registry.PushBlobAsync(Name, blob);
        Assert.True(Digest.TryParse(text, out Digest digest));
        byte[] altered = [.. blob];
        altered[10] ^= 1;
        await _inner.WriteAsync(KeyLayout.BlobData(digest), altered, onlyIfAbsent: false, TestContext.Current.CancellationToken);

        if (isOneBuffer)
        {
            using HttpResponseMessage response = await Registry.GetAsync($"/v2/{Name}/blobs/{text}");
            await response.AssertErrorAsync(500, "UNKNOWN");
            Assert.Contains(KeyLayout.BlobData(digest), (await response.JsonAsync()).GetRawText(), StringComparison.Ordinal);
            Assert.Null(response.Headers.ETag);
            Assert.Null(response.Headers.CacheControl);
            Assert.False(response.Headers.Contains("Docker-Content-Digest"));
        }
        else
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => Registry.GetAsync($"/v2/{Name}/blobs/{text}"));
        }

        // A part of it cannot be told from what it should be.
        using HttpResponseMessage part = await Registry.GetAsync($"/v2/{Name}/blobs/{text}", ("Range", "bytes=50-59"));
        Assert.Equal(blob[50..60], await part.BytesAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:../../../x")]
    [InlineData("not a digest")]
    public async Task Tag_link_that_holds_no_digest_is_500_that_names_it(string link)
    {
        await Registry.PushImageAsync(Name, "v1");
        Assert.True(RepositoryName.TryParse(Name, out RepositoryName name));
        string key = KeyLayout.TagCurrentLink(name, "v1");
        await _inner.WriteAsync(key, System.Text.Encoding.UTF8.GetBytes(link), onlyIfAbsent: false, TestContext.Current.CancellationToken);

        using HttpResponseMessage response = await Registry.GetAsync($"/v2/{Name}/manifests/v1");

        await response.AssertErrorAsync(500, "UNKNOWN");
        Assert.Contains(key, (await response.JsonAsync()).GetRawText(), StringComparison.Ordinal);
        await Registry.PushImageAsync(Name, "v1");
        using HttpResponseMessage mended = await Registry.GetAsync($"/v2/{Name}/manifests/v1");
        Assert.Equal(System.Net.HttpStatusCode.OK, mended.StatusCode);
    }

    [Fact]
    public async Task Tag_link_that_breaks_off_in_the_store_is_503()
    {
        await Registry.PushImageAsync(Name, "v1");
        _store!.Through = stream => new BreakingStream(stream, 20);

        using HttpResponseMessage response = await Registry.GetAsync($"/v2/{Name}/manifests/v1");

        await response.AssertErrorAsync(503, "UNAVAILABLE");
    }
}
