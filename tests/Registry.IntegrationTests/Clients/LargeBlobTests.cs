using System.Net;
using Amazon.S3.Model;
using LocalRegistry.Registry.Tests;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>Blobs that do not fit into one part, through the registry's program to S3.</summary>
public sealed class LargeBlobTests(S3Fixture s3) : IAsyncLifetime
{
    private const string Name = "team/large";

    private readonly byte[] _blob = TestContent.Bytes(64 * 1024 * 1024);
    private readonly HttpClient _client = new();
    private string _bucket = "";
    private RegistryProcess? _registry;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bucket = await s3.CreateBucketAsync(encrypted: true);
        _registry = await RegistryProcess.StartAsync(
            RegistryFiles.For(s3, _bucket),
            new KeyValuePair<string, string>("REGISTRY_STORAGE_S3_CHUNKSIZE", "5242880"),
            new KeyValuePair<string, string>("REGISTRY_STORAGE_S3_MULTIPARTCOPYTHRESHOLDSIZE", "33554432"));
        _client.BaseAddress = new Uri($"http://{_registry.Address}");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _registry!.DisposeAsync();
    }

    [Fact]
    public async Task Upload_by_patch_is_moved_under_its_digest_in_parts_and_leaves_nothing()
    {
        string digest = TestContent.Sha256(_blob);
        string upload = await BeginAsync();
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(HttpMethod.Patch, upload, _blob));

        Assert.Equal(HttpStatusCode.Created, await SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", []));

        // 64 MiB, copied in parts of 32 MiB.
        await AssertStoredAsync(digest, parts: 2);
    }

    [Fact]
    public async Task Upload_by_put_goes_right_under_its_digest_in_parts_of_the_chunk_size()
    {
        string digest = TestContent.Sha256(_blob);

        Assert.Equal(HttpStatusCode.Created, await SendAsync(HttpMethod.Put, $"{await BeginAsync()}?digest={digest}", _blob));

        await AssertStoredAsync(digest, parts: 13);
    }

    [Fact]
    public async Task Upload_that_is_cancelled_or_wrong_leaves_nothing()
    {
        string cancelled = await BeginAsync();
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(HttpMethod.Patch, cancelled, _blob));
        string wrong = TestContent.Sha256("other"u8);

        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Delete, cancelled, []));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Put, $"{await BeginAsync()}?digest={wrong}", _blob));

        Assert.Empty(await s3.KeysAsync(_bucket));
        await s3.AssertNoMultipartUploadAsync(_bucket);
    }

    [Fact]
    public async Task Upload_that_is_open_when_the_registry_stops_leaves_nothing()
    {
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(HttpMethod.Patch, await BeginAsync(), _blob));

        Assert.Equal(0, await _registry!.StopAsync());

        Assert.Empty(await s3.KeysAsync(_bucket));
        await s3.AssertNoMultipartUploadAsync(_bucket);
    }

    [Fact]
    public async Task Same_blob_by_many_at_once_is_stored_once_and_right()
    {
        string digest = TestContent.Sha256(_blob);
        string[] uploads = [await BeginAsync(), await BeginAsync(), await BeginAsync()];

        HttpStatusCode[] statuses = await Task.WhenAll(uploads.Select(u => SendAsync(HttpMethod.Put, $"{u}?digest={digest}", _blob)));

        Assert.All(statuses, s => Assert.Equal(HttpStatusCode.Created, s));
        await AssertStoredAsync(digest, parts: 13);
    }

    private async Task<string> BeginAsync()
    {
        using HttpResponseMessage response = await _client.PostAsync(new Uri($"/v2/{Name}/blobs/uploads/", UriKind.Relative), null, Token);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.AbsolutePath;
    }

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, byte[] content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(content) };
        using HttpResponseMessage response = await _client.SendAsync(request, Token);
        return response.StatusCode;
    }

    /// <summary>The bucket holds the blob and its link alone, encrypted and made of so many parts; the registry serves it, ranges too.</summary>
    private async Task AssertStoredAsync(string digest, int parts)
    {
        string hex = digest["sha256:".Length..];
        string key = $"myroot/docker/registry/v2/blobs/sha256/{hex[..2]}/{hex}/data";
        Assert.Equal([key, $"myroot/docker/registry/v2/repositories/{Name}/_layers/sha256/{hex}/link"], await s3.KeysAsync(_bucket));
        await s3.AssertNoMultipartUploadAsync(_bucket);
        GetObjectMetadataResponse head = await s3.Client.GetObjectMetadataAsync(_bucket, key, Token);
        Assert.Equal("AES256", head.ServerSideEncryptionMethod?.Value);
        Assert.EndsWith($"-{parts}\"", head.ETag, StringComparison.Ordinal);

        byte[] read = await _client.GetByteArrayAsync(new Uri($"/v2/{Name}/blobs/{digest}", UriKind.Relative), Token);
        using var range = new HttpRequestMessage(HttpMethod.Get, $"/v2/{Name}/blobs/{digest}");
        range.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(33_000_000, 34_000_000);
        using HttpResponseMessage part = await _client.SendAsync(range, Token);
        Assert.Equal(digest, TestContent.Sha256(read));
        Assert.Equal(_blob[33_000_000..34_000_001], await part.Content.ReadAsByteArrayAsync(Token));
    }
}
