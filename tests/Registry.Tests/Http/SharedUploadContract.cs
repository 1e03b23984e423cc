using System.Net;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>Uploads that go on at another registry than the one that they began at (<c>http.secret</c>), over any store.</summary>
public abstract class SharedUploadContract : IAsyncLifetime
{
    private const string Name = "test/shared";
    private const int Megabyte = 1024 * 1024;

    private IObjectStore? _store;
    private SharedRegistries? _registries;

    private SharedRegistries Registries => _registries!;

    public async ValueTask InitializeAsync()
    {
        _store = await CreateAsync();
        _registries = await SharedRegistries.StartAsync(_store, SharedRegistries.Secret, SharedRegistries.Secret);
    }

    public async ValueTask DisposeAsync()
    {
        await Registries.DisposeAsync();
        _store?.Dispose();
        await ClearAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(1000, 100, 300)]
    [InlineData(1000, 0, 1000)]
    [InlineData(20 * Megabyte, 7 * Megabyte, 7 * Megabyte + 100)]
    [InlineData(20 * Megabyte, 100, 12 * Megabyte)]
    [InlineData(20 * Megabyte, 10 * Megabyte, 20 * Megabyte)]
    public async Task Every_request_may_go_to_another_registry(int size, int first, int second)
    {
        byte[] blob = TestContent.Bytes(size);
        string digest = TestContent.Sha256(blob);
        string upload = await Registries.BeginAsync(Name);

        string afterFirst = await Registries.AppendAsync(1, upload, blob[..first]);
        string? atOther = await Registries.StatusAsync(0, upload);
        string afterSecond = await Registries.AppendAsync(0, upload, blob[first..second]);
        using HttpResponseMessage closed = await Registries.CloseAsync(1, upload, digest, blob[second..]);

        Assert.Equal(($"0-{Math.Max(0, first - 1)}", $"0-{second - 1}"), (afterFirst, afterSecond));
        Assert.Equal(afterFirst, atOther);
        Assert.Equal((HttpStatusCode.Created, digest), (closed.StatusCode, closed.Header("Docker-Content-Digest")));
        Assert.Equal(digest, TestContent.Sha256(await Registries[0].ReadBlobAsync(Name, digest)));
        Assert.Null(await Registries.StatusAsync(0, upload));
        await Registries.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(12 * Megabyte)]
    public async Task Upload_goes_on_when_the_registry_that_took_it_so_far_has_ended(int size)
    {
        byte[] blob = TestContent.Bytes(size + 500);
        string digest = TestContent.Sha256(blob);
        string upload = await Registries.BeginAsync(Name);
        await Registries.AppendAsync(0, upload, blob[..size]);
        await Registries[0].DisposeAsync();

        Assert.Equal($"0-{size - 1}", await Registries.StatusAsync(1, upload));
        await Registries.AppendAsync(1, upload, blob[size..]);
        using HttpResponseMessage closed = await Registries.CloseAsync(1, upload, digest);

        Assert.Equal(HttpStatusCode.Created, closed.StatusCode);
        Assert.Equal(digest, TestContent.Sha256(await Registries[1].ReadBlobAsync(Name, digest)));
        await Registries.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?digest-algorithm=sha512")]
    public async Task Sha512_digest_is_taken_whatever_was_announced(string query)
    {
        foreach (int size in (int[])[100, 12 * Megabyte])
        {
            byte[] blob = TestContent.Bytes(size);
            string upload = await Registries.BeginAsync(Name, query);
            await Registries.AppendAsync(0, upload, blob[..^10]);

            using HttpResponseMessage closed = await Registries.CloseAsync(0, upload, TestContent.Sha512(blob), blob[^10..]);

            Assert.Equal(HttpStatusCode.Created, closed.StatusCode);
        }

        await Registries.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(12 * Megabyte)]
    public async Task Wrong_digest_leaves_nothing(int size)
    {
        byte[] blob = TestContent.Bytes(size);
        string upload = await Registries.BeginAsync(Name);
        await Registries.AppendAsync(0, upload, blob);

        using HttpResponseMessage closed = await Registries.CloseAsync(1, upload, TestContent.Sha256("other"u8), blob);

        await closed.AssertErrorAsync(400, "DIGEST_INVALID");
        Assert.Empty(await Registries.Store.KeysAsync());
        await Registries.AssertNothingLeftAsync();
        Assert.Null(await Registries.StatusAsync(0, upload));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(12 * Megabyte)]
    public async Task Cancelled_at_the_other_it_is_gone_everywhere(int size)
    {
        string upload = await Registries.BeginAsync(Name);
        await Registries.AppendAsync(0, upload, TestContent.Bytes(size));

        using HttpResponseMessage cancelled = await Registries[1].SendAsync(HttpMethod.Delete, upload);

        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Empty(await Registries.Store.KeysAsync());
        await Registries.AssertNothingLeftAsync();
        foreach (int index in (int[])[0, 1])
        {
            Assert.Null(await Registries.StatusAsync(index, upload));
            using HttpResponseMessage patched = await Registries.PatchAsync(index, upload, [1]);
            await patched.AssertErrorAsync(404, "BLOB_UPLOAD_UNKNOWN");
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(6 * Megabyte)]
    public async Task Of_two_that_take_a_chunk_at_once_one_is_told_that_it_came_too_late(int size)
    {
        byte[] blob = TestContent.Bytes(2 * size);
        byte[] other = TestContent.Bytes(size, seed: 2);
        string upload = await Registries.BeginAsync(Name);
        await Registries.AppendAsync(0, upload, blob[..size]);
        using RawConnection slow = await RawConnection.OpenAsync(Registries[0].Url);
        await slow.SendHeadAsync($"PATCH {upload}", $"Content-Length: {size}");
        await slow.SendAsync(other.AsMemory(0, size / 2));
        await Eventually.HoldsAsync(async () => await Registries.StatusAsync(0, upload) == $"0-{size + (size / 2) - 1}", "half of the slow chunk is there");

        await Registries.AppendAsync(1, upload, blob[size..]);
        await slow.SendAsync(other.AsMemory(size / 2));
        int late = (await slow.ReceiveAsync()).Status;
        using HttpResponseMessage closed = await Registries.CloseAsync(0, upload, TestContent.Sha256(blob));

        Assert.Equal(416, late);
        if (HasPartsByNumber && closed.StatusCode == HttpStatusCode.NotFound)
        {
            // The part that came too late took the place of the other, which is found out; the client begins again.
            Assert.Empty(await Registries.Store.KeysAsync());
        }
        else
        {
            Assert.Equal(HttpStatusCode.Created, closed.StatusCode);
            Assert.Equal(TestContent.Sha256(blob), TestContent.Sha256(await Registries[0].ReadBlobAsync(Name, TestContent.Sha256(blob))));
        }

        await Registries.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("PATCH", 0, 1, 500)]
    [InlineData("PATCH", 100, 1, 500)]
    [InlineData("PATCH", 100, 1, 12 * Megabyte)]
    [InlineData("PATCH", 0, 2, 500)]
    [InlineData("PATCH", 0, 3, 6 * Megabyte)]
    [InlineData("PATCH", 12 * Megabyte, 2, 500)]
    [InlineData("PUT", 0, 1, 500)]
    [InlineData("PUT", 100, 1, 500)]
    [InlineData("PUT", 100, 2, 12 * Megabyte)]
    [InlineData("PUT", 0, 2, 6 * Megabyte)]
    [InlineData("PUT", 12 * Megabyte, 2, 500)]
    public async Task Late_request_leaves_alone_what_others_have_made_of_the_upload(string method, int first, int others, int size)
    {
        byte[] blob = TestContent.Bytes(first + (others * size));
        string digest = TestContent.Sha256(blob);
        string upload = await Registries.BeginAsync(Name);
        if (first > 0)
        {
            await Registries.AppendAsync(0, upload, blob[..first]);
        }

        byte[] other = TestContent.Bytes(1000, seed: 2);
        string query = method == "PUT" ? $"&digest={TestContent.Sha256([.. blob[..first], .. other])}" : "";
        using RawConnection late = await BeginRequestAsync(method, upload, query, other.Length);
        for (int i = 0; i < others; i++)
        {
            await Registries.AppendAsync(1, upload, blob[(first + (i * size))..(first + ((i + 1) * size))]);
        }

        await late.SendAsync(other);
        (int status, Dictionary<string, string> headers, _) = await late.ReceiveAsync();
        using HttpResponseMessage closed = await Registries.CloseAsync(1, upload, digest);

        Assert.Equal((416, $"0-{blob.Length - 1}"), (status, headers["Range"]));
        Assert.Equal(HttpStatusCode.Created, closed.StatusCode);
        Assert.Equal(digest, TestContent.Sha256(await Registries[0].ReadBlobAsync(Name, digest)));
        await Registries.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("PATCH", 0)]
    [InlineData("PATCH", 100)]
    [InlineData("PATCH", 10 * Megabyte)]
    [InlineData("PUT", 0)]
    [InlineData("PUT", 10 * Megabyte)]
    public async Task Request_for_an_upload_that_is_cancelled_meanwhile_is_404_and_leaves_nothing(string method, int first)
    {
        string upload = await Registries.BeginAsync(Name);
        await Registries.AppendAsync(0, upload, TestContent.Bytes(first));
        byte[] other = TestContent.Bytes(1000, seed: 2);
        using RawConnection late = await BeginRequestAsync(method, upload, method == "PUT" ? $"&digest={TestContent.Sha256(other)}" : "", other.Length);

        using HttpResponseMessage cancelled = await Registries[1].SendAsync(HttpMethod.Delete, upload);
        await late.SendAsync(other);
        int status = (await late.ReceiveAsync()).Status;

        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Equal(404, status);
        Assert.Empty(await Registries.Store.KeysAsync());
        await Registries.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData(500, 500)]
    [InlineData(500, 12 * Megabyte)]
    [InlineData(12 * Megabyte, 500)]
    [InlineData(12 * Megabyte, 12 * Megabyte)]
    public async Task Closed_at_both_at_once_no_blob_has_another_content_than_its_digest_says(int first, int last)
    {
        byte[] start = TestContent.Bytes(first);
        byte[][] blobs = [[.. start, .. TestContent.Bytes(last, seed: 2)], [.. start, .. TestContent.Bytes(last, seed: 3)]];
        string upload = await Registries.BeginAsync(Name);
        await Registries.AppendAsync(0, upload, start);

        HttpResponseMessage[] closed = await Task.WhenAll(
            blobs.Select((blob, i) => Registries.CloseAsync(i, upload, TestContent.Sha256(blob), blob[first..])));

        foreach ((byte[] blob, HttpResponseMessage answer) in blobs.Zip(closed))
        {
            string digest = TestContent.Sha256(blob);
            using HttpResponseMessage read = await Registries[0].GetAsync($"/v2/{Name}/blobs/{digest}");
            Assert.True(answer.StatusCode != HttpStatusCode.Created || read.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}, then {read.StatusCode}");
            Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
            if (read.StatusCode == HttpStatusCode.OK)
            {
                Assert.Equal(digest, TestContent.Sha256(await read.BytesAsync()));
            }

            answer.Dispose();
        }
    }

    /// <summary>Sends the head of a request to the first, and comes back when that has found the upload as it is.</summary>
    private async Task<RawConnection> BeginRequestAsync(string method, string upload, string query, int length)
    {
        RawConnection connection = await RawConnection.OpenAsync(Registries[0].Url);
        await connection.SendHeadAsync($"{method} {upload}{query}", $"Content-Length: {length}", "Expect: 100-continue");

        // Which is when it begins to read the body.
        Assert.Equal(100, (await connection.ReceiveAsync(hasBody: false)).Status);
        return connection;
    }

    /// <summary>Whether the store has one part by each number, so that a part that is written again is lost.</summary>
    private protected virtual bool HasPartsByNumber => false;

    private protected abstract Task<IObjectStore> CreateAsync();

    /// <summary>Takes away what the tests have left behind.</summary>
    private protected virtual Task ClearAsync() => Task.CompletedTask;
}
