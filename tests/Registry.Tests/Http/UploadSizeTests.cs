using System.Net;
using LocalRegistry.Registry.Tests.Storage;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>Blobs that are larger than <c>http.maxuploadsize</c> says.</summary>
public sealed class UploadSizeTests : IAsyncLifetime
{
    private const string Name = "test/size";
    private const int Maximum = 12 * 1024 * 1024;

    private readonly byte[] _blob = TestContent.Bytes(Maximum + 1);
    private TestRegistry? _started;

    private TestRegistry Registry => _started!;

    private string Digest => TestContent.Sha256(_blob);

    public async ValueTask InitializeAsync() =>
        _started = await TestRegistry.StartAsync(c => c with { Http = c.Http with { MaxUploadSize = Maximum } });

    public ValueTask DisposeAsync() => Registry.DisposeAsync();

    [Fact]
    public async Task Blob_of_the_largest_size_is_taken_in_every_form()
    {
        byte[] blob = _blob[..Maximum];
        string digest = TestContent.Sha256(blob);
        string upload = await Registry.BeginUploadAsync(Name);
        await Registry.AppendAsync(upload, blob[..^1]);

        using HttpResponseMessage closed = await Registry.FinishAsync(upload, digest, blob[^1..]);

        Assert.Equal(HttpStatusCode.Created, closed.StatusCode);
        Assert.Equal(digest, await Registry.PushBlobAsync(Name, blob));
    }

    [Fact]
    public async Task Larger_one_is_413_in_every_form_and_nothing_is_left()
    {
        string patched = await Registry.BeginUploadAsync(Name);
        using HttpResponseMessage patch = await Registry.SendAsync(HttpMethod.Patch, patched, _blob);
        string resumed = await Registry.BeginUploadAsync(Name);
        await Registry.AppendAsync(resumed, _blob[..Maximum]);
        using HttpResponseMessage last = await Registry.FinishAsync(resumed, Digest, _blob[Maximum..]);
        string put = await Registry.BeginUploadAsync(Name);
        using HttpResponseMessage whole = await Registry.FinishAsync(put, Digest, _blob);
        using HttpResponseMessage post = await Registry.SendAsync(HttpMethod.Post, $"/v2/{Name}/blobs/uploads/?digest={Digest}", _blob);

        foreach (HttpResponseMessage refused in (HttpResponseMessage[])[patch, last, whole, post])
        {
            await refused.AssertErrorAsync(413, "SIZE_INVALID");
        }

        foreach (string upload in (string[])[patched, resumed, put])
        {
            using HttpResponseMessage status = await Registry.GetAsync(upload);
            await status.AssertErrorAsync(404, "BLOB_UPLOAD_UNKNOWN");
        }

        Assert.Empty(await Registry.Store.KeysAsync());
    }

    [Fact]
    public async Task Body_of_unknown_length_is_refused_once_it_is_too_long()
    {
        string upload = await Registry.BeginUploadAsync(Name);
        using RawConnection connection = await RawConnection.OpenAsync(Registry.Url);
        await connection.SendHeadAsync($"PATCH {upload}", "Transfer-Encoding: chunked");
        await connection.SendAsync(System.Text.Encoding.ASCII.GetBytes($"{_blob.Length:x}\r\n"));
        await connection.SendAsync(_blob);

        Assert.Equal(413, (await connection.ReceiveAsync()).Status);
        Assert.Empty(await Registry.Store.KeysAsync());
    }

    [Fact]
    public async Task Client_that_asks_before_it_sends_is_told_at_once()
    {
        string upload = await Registry.BeginUploadAsync(Name);
        using RawConnection connection = await RawConnection.OpenAsync(Registry.Url);
        await connection.SendHeadAsync($"PUT {upload}?digest={Digest}", $"Content-Length: {_blob.Length}", "Expect: 100-continue");

        Assert.Equal(413, (await connection.ReceiveAsync()).Status);
    }
}
