using System.Net;
using LocalRegistry.Registry.Tests.Storage;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>Uploads that go wrong on the way, each on a registry of its own so that what is left of them can be seen.</summary>
public sealed class InterruptedUploadTests : IAsyncLifetime
{
    private const string Name = "test/upload";
    private const int MoreThanAPart = 12 * 1024 * 1024;

    private TestRegistry? _started;

    private TestRegistry Registry => _started!;

    public async ValueTask InitializeAsync() => _started = await TestRegistry.StartAsync();

    public ValueTask DisposeAsync() => Registry.DisposeAsync();

    [Theory]
    [InlineData(1000)]
    [InlineData(MoreThanAPart)]
    public async Task Finish_with_the_wrong_digest_is_refused_and_nothing_is_left(int size)
    {
        byte[] blob = TestContent.Bytes(size);
        string wrong = TestContent.Sha256("other"u8);
        string patched = await Registry.BeginUploadAsync(Name);
        await Registry.AppendAsync(patched, blob);

        using HttpResponseMessage afterPatch = await Registry.FinishAsync(patched, wrong);
        using HttpResponseMessage put = await Registry.FinishAsync(await Registry.BeginUploadAsync(Name), wrong, blob);
        using HttpResponseMessage post = await Registry.SendAsync(HttpMethod.Post, $"/v2/{Name}/blobs/uploads/?digest={wrong}", blob);

        await afterPatch.AssertErrorAsync(400, "DIGEST_INVALID");
        await put.AssertErrorAsync(400, "DIGEST_INVALID");
        await post.AssertErrorAsync(400, "DIGEST_INVALID");
        Assert.Empty(await Registry.Store.KeysAsync());
        using HttpResponseMessage status = await Registry.GetAsync(patched);
        await status.AssertErrorAsync(404, "BLOB_UPLOAD_UNKNOWN");
    }

    [Fact]
    public async Task Finish_with_the_wrong_digest_of_another_algorithm_than_announced_leaves_nothing_under_that_digest()
    {
        string wrong = TestContent.Sha512("other"u8);
        string upload = await Registry.BeginUploadAsync(Name, "?digest-algorithm=sha256");

        using HttpResponseMessage refused = await Registry.FinishAsync(upload, wrong, TestContent.Bytes(MoreThanAPart));

        await refused.AssertErrorAsync(400, "DIGEST_INVALID");
        Assert.Empty(await Registry.Store.KeysAsync());
    }

    [Fact]
    public async Task Finish_begun_with_one_digest_never_puts_content_of_another_under_it()
    {
        byte[] blob = TestContent.Bytes(MoreThanAPart);
        string promised = TestContent.Sha256("other"u8);
        string upload = await Registry.BeginUploadAsync(Name);
        using (RawConnection connection = await RawConnection.OpenAsync(Registry.Url))
        {
            await connection.SendHeadAsync($"PUT {upload}?digest={promised}", $"Content-Length: {blob.Length + 1}");
            await connection.SendAsync(blob);
            await ReachesAsync(upload, blob.Length);
        }

        using HttpResponseMessage finished = await OnceFreeAsync(() => Registry.FinishAsync(upload, TestContent.Sha256(blob)));

        using HttpResponseMessage read = await Registry.GetAsync($"/v2/{Name}/blobs/{promised}");
        await read.AssertErrorAsync(404, "BLOB_UNKNOWN");
        Assert.DoesNotContain(await Registry.Store.KeysAsync(), k => k.Contains(promised["sha256:".Length..], StringComparison.Ordinal));
        if (finished.StatusCode == HttpStatusCode.Created)
        {
            Assert.Equal(blob, await Registry.ReadBlobAsync(Name, TestContent.Sha256(blob)));
        }
        else
        {
            await finished.AssertErrorAsync(400, "DIGEST_INVALID");
        }
    }

    [Theory]
    [InlineData(1000, 400)]
    [InlineData(MoreThanAPart, MoreThanAPart - 1000)]
    public async Task Client_that_goes_in_the_middle_resumes_where_the_status_says(int size, int sent)
    {
        byte[] blob = TestContent.Bytes(size);
        string upload = await Registry.BeginUploadAsync(Name);
        using (RawConnection connection = await RawConnection.OpenAsync(Registry.Url))
        {
            await connection.SendHeadAsync($"PATCH {upload}", $"Content-Length: {size}");
            await connection.SendAsync(blob.AsMemory(0, sent));
            await ReachesAsync(upload, sent);
        }

        using HttpResponseMessage resumed = await OnceFreeAsync(() => Registry.SendAsync(
            HttpMethod.Patch, upload, blob[sent..], ("Content-Range", $"{sent}-{size - 1}")));
        using HttpResponseMessage finished = await Registry.FinishAsync(upload, TestContent.Sha256(blob));

        Assert.Equal((HttpStatusCode.Accepted, $"0-{size - 1}"), (resumed.StatusCode, resumed.Header("Range")));
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
        Assert.Equal(blob, await Registry.ReadBlobAsync(Name, TestContent.Sha256(blob)));
    }

    [Fact]
    public async Task Clients_that_go_leave_room_for_others()
    {
        byte[] some = TestContent.Bytes(1000);
        for (int i = 0; i < 20; i++)
        {
            string upload = await Registry.BeginUploadAsync(Name);
            using RawConnection connection = await RawConnection.OpenAsync(Registry.Url);
            await connection.SendHeadAsync($"PATCH {upload}", "Content-Length: 100000");
            await connection.SendAsync(some);
            await ReachesAsync(upload, some.Length);
        }

        Assert.Equal(TestContent.Sha256(some), await Registry.PushBlobAsync(Name, some));
    }

    [Fact]
    public async Task Two_requests_at_once_on_one_upload_are_not_mixed()
    {
        byte[] blob = TestContent.Bytes(1000);
        string upload = await Registry.BeginUploadAsync(Name);
        using RawConnection first = await RawConnection.OpenAsync(Registry.Url);
        await first.SendHeadAsync($"PATCH {upload}", $"Content-Length: {blob.Length}");
        await first.SendAsync(blob.AsMemory(0, 500));
        await ReachesAsync(upload, 500);

        using HttpResponseMessage patch = await Registry.SendAsync(HttpMethod.Patch, upload, [1, 2, 3]);
        using HttpResponseMessage put = await Registry.FinishAsync(upload, TestContent.Sha256(blob));
        await first.SendAsync(blob.AsMemory(500));

        await patch.AssertErrorAsync(416, "BLOB_UPLOAD_INVALID");
        await put.AssertErrorAsync(416, "BLOB_UPLOAD_INVALID");
        Assert.Equal("0-499", patch.Header("Range"));
        Assert.Equal(202, (await first.ReceiveAsync()).Status);
        using HttpResponseMessage finished = await Registry.FinishAsync(upload, TestContent.Sha256(blob));
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
    }

    [Fact]
    public async Task Body_that_is_no_chunked_encoding_is_400_and_the_upload_goes_on()
    {
        byte[] blob = TestContent.Bytes(1000);
        string upload = await Registry.BeginUploadAsync(Name);
        using (RawConnection connection = await RawConnection.OpenAsync(Registry.Url))
        {
            await connection.SendHeadAsync($"PATCH {upload}", "Transfer-Encoding: chunked");
            await connection.SendAsync("nonsense\r\n"u8.ToArray());
            Assert.Equal(400, (await connection.ReceiveAsync()).Status);
        }

        using HttpResponseMessage finished = await OnceFreeAsync(() => Registry.FinishAsync(upload, TestContent.Sha256(blob), blob));

        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
    }

    private Task ReachesAsync(string upload, int offset) => Eventually.HoldsAsync(
        async () =>
        {
            using HttpResponseMessage status = await Registry.GetAsync(upload);
            return status.Header("Range") == $"0-{offset - 1}";
        },
        $"{offset} bytes of the upload have arrived");

    // The server notices that a client has gone a moment after the client has.
    private static async Task<HttpResponseMessage> OnceFreeAsync(Func<Task<HttpResponseMessage>> send)
    {
        HttpResponseMessage response = await send();
        await Eventually.HoldsAsync(
            async () =>
            {
                if (response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    return true;
                }

                response.Dispose();
                response = await send();
                return false;
            },
            "the request of the client that has gone is over");
        return response;
    }
}
