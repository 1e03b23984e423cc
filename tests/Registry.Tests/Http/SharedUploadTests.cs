using System.Globalization;
using System.Net;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class InMemorySharedUploadTests : SharedUploadContract
{
    private protected override Task<IObjectStore> CreateAsync() => Task.FromResult<IObjectStore>(new InMemoryStore());
}

public sealed class FileSystemSharedUploadTests : SharedUploadContract
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"registry-{Guid.NewGuid():N}");

    private protected override Task<IObjectStore> CreateAsync() => Task.FromResult<IObjectStore>(new FileSystemStore(_root));

    private protected override Task ClearAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>What does not depend on the store.</summary>
public sealed class SharedUploadTests : IDisposable
{
    private const string Name = "test/shared";

    private readonly InMemoryStore _inner = new();
    private readonly FaultyStore _store;

    public SharedUploadTests() => _store = new FaultyStore(_inner);

    public void Dispose() => _inner.Dispose();

    [Fact]
    public async Task Registry_with_another_secret_or_none_knows_nothing_of_it()
    {
        await using SharedRegistries registries = await SharedRegistries.StartAsync(_store, SharedRegistries.Secret, "another", null);
        string upload = await registries.BeginAsync(Name);

        Assert.Equal("0-0", await registries.StatusAsync(0, upload));
        Assert.Null(await registries.StatusAsync(1, upload));
        Assert.Null(await registries.StatusAsync(2, upload));
    }

    [Theory]
    [InlineData("")]
    [InlineData("_state=")]
    [InlineData("_state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("_state=%00%ff%E2%82%AC")]
    public async Task Wrong_signature_is_404_for_every_method_and_the_upload_goes_on(string query)
    {
        await using SharedRegistries registries = await SharedRegistries.StartAsync(_store, SharedRegistries.Secret);
        string upload = await registries.BeginAsync(Name);
        string wrong = $"{upload[..upload.IndexOf('?', StringComparison.Ordinal)]}?{query}&digest={TestContent.Sha256("x"u8)}";

        foreach (string method in (string[])["GET", "PATCH", "PUT", "DELETE"])
        {
            using HttpResponseMessage response = await registries[0].SendAsync(new HttpMethod(method), wrong);
            await response.AssertErrorAsync(404, "BLOB_UPLOAD_UNKNOWN");
        }

        using HttpResponseMessage closed = await registries.CloseAsync(0, upload, TestContent.Sha256("x"u8), "x"u8.ToArray());
        Assert.Equal(HttpStatusCode.Created, closed.StatusCode);
    }

    [Fact]
    public async Task Signature_is_good_for_its_repository_and_upload_only()
    {
        await using SharedRegistries registries = await SharedRegistries.StartAsync(_store, SharedRegistries.Secret);
        string upload = await registries.BeginAsync(Name);
        string other = await registries.BeginAsync(Name);
        string mixed = other[..other.IndexOf('?', StringComparison.Ordinal)] + upload[upload.IndexOf('?', StringComparison.Ordinal)..];

        Assert.Null(await registries.StatusAsync(0, upload.Replace(Name, "test/other", StringComparison.Ordinal)));
        Assert.Null(await registries.StatusAsync(0, mixed));
        Assert.Equal("0-0", await registries.StatusAsync(0, other));
    }

    [Fact]
    public async Task Registry_that_took_all_bytes_itself_does_not_read_them_back()
    {
        await using SharedRegistries registries = await SharedRegistries.StartAsync(_store, SharedRegistries.Secret, SharedRegistries.Secret);
        byte[] blob = TestContent.Bytes(12 * 1024 * 1024);
        var reads = new List<int>();
        foreach (int second in (int[])[0, 1])
        {
            string upload = await registries.BeginAsync(Name);
            await registries.AppendAsync(0, upload, blob[..100]);
            await registries.AppendAsync(second, upload, blob[100..]);
            Assert.NotNull(await registries.StatusAsync(0, upload));
            int opened = 0;
            _store.Before = method =>
            {
                opened += method == nameof(IObjectStore.OpenAsync) ? 1 : 0;
                return Task.CompletedTask;
            };
            using HttpResponseMessage closed = await registries.CloseAsync(0, upload, TestContent.Sha256(blob));
            Assert.Equal(HttpStatusCode.Created, closed.StatusCode);
            reads.Add(opened);
        }

        Assert.Equal(reads[0] + 1, reads[1]);
    }

    [Fact]
    public async Task Chunk_that_the_store_fails_can_be_sent_again()
    {
        await using SharedRegistries registries = await SharedRegistries.StartAsync(_store, SharedRegistries.Secret);
        byte[] blob = TestContent.Bytes(20 * 1024 * 1024);
        string upload = await registries.BeginAsync(Name);
        await registries.AppendAsync(0, upload, blob[..(7 * 1024 * 1024)]);
        string? before = await registries.StatusAsync(0, upload);

        foreach (string method in (string[])["PartAsync", nameof(IObjectStore.WriteAsync)])
        {
            _store.Fail(StoreFailure.Unavailable, method);
            using HttpResponseMessage failed = await registries.PatchAsync(0, upload, blob[(7 * 1024 * 1024)..]);
            await failed.AssertErrorAsync(503, "UNAVAILABLE");
            _store.Before = _ => Task.CompletedTask;
            Assert.Equal(before, await registries.StatusAsync(0, upload));
        }

        await registries.AppendAsync(0, upload, blob[(7 * 1024 * 1024)..]);
        using HttpResponseMessage closed = await registries.CloseAsync(0, upload, TestContent.Sha256(blob));
        Assert.Equal(HttpStatusCode.Created, closed.StatusCode);
        await registries.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task State_that_is_never_there_when_it_is_read_is_503()
    {
        await using SharedRegistries registries = await SharedRegistries.StartAsync(_store, SharedRegistries.Secret);
        string upload = await registries.BeginAsync(Name);
        string first = Assert.Single(await _inner.KeysAsync(), k => k.EndsWith("/state/0000000000", StringComparison.Ordinal));
        int reads = 0;
        _store.Before = async method =>
        {
            if (method == nameof(IObjectStore.OpenAsync))
            {
                await _inner.DeleteAsync(State(reads), TestContext.Current.CancellationToken);
                await _inner.WriteAsync(State(++reads), "{}"u8.ToArray(), onlyIfAbsent: true, TestContext.Current.CancellationToken);
            }
        };

        using HttpResponseMessage status = await registries[0].GetAsync(upload);

        await status.AssertErrorAsync(503, "UNAVAILABLE");
        Assert.Equal(10, reads);

        string State(int number) => first[..^10] + number.ToString("D10", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task State_that_the_store_cuts_while_it_is_read_is_503_and_the_upload_goes_on()
    {
        await using SharedRegistries registries = await SharedRegistries.StartAsync(_store, SharedRegistries.Secret);
        string upload = await registries.BeginAsync(Name);
        _store.Through = stream => new BreakingStream(stream, length: 10);

        using HttpResponseMessage status = await registries[0].GetAsync(upload);
        _store.Through = stream => stream;

        await status.AssertErrorAsync(503, "UNAVAILABLE");
        Assert.Equal("0-0", await registries.StatusAsync(0, upload));
    }

    [Fact]
    public async Task Parts_that_the_store_has_lost_end_the_upload_with_404()
    {
        await using SharedRegistries registries = await SharedRegistries.StartAsync(_store, SharedRegistries.Secret);
        byte[] blob = TestContent.Bytes(12 * 1024 * 1024);
        string upload = await registries.BeginAsync(Name);
        await registries.AppendAsync(0, upload, blob);
        await foreach (UnfinishedObject unfinished in _inner.ListUnfinishedAsync("docker/", TestContext.Current.CancellationToken))
        {
            await _inner.AbortAsync(unfinished, TestContext.Current.CancellationToken);
        }

        using HttpResponseMessage closed = await registries.CloseAsync(0, upload, TestContent.Sha256(blob));

        await closed.AssertErrorAsync(404, "BLOB_UPLOAD_UNKNOWN");
        await registries.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Client_that_goes_in_the_middle_resumes_at_the_other()
    {
        await using SharedRegistries registries = await SharedRegistries.StartAsync(_store, SharedRegistries.Secret, SharedRegistries.Secret);
        byte[] blob = TestContent.Bytes(12 * 1024 * 1024);
        int sent = blob.Length - 1000;
        string upload = await registries.BeginAsync(Name);
        using (RawConnection connection = await RawConnection.OpenAsync(registries[0].Url))
        {
            await connection.SendHeadAsync($"PATCH {upload}", $"Content-Length: {blob.Length}");
            await connection.SendAsync(blob.AsMemory(0, sent));
            await Eventually.HoldsAsync(async () => await registries.StatusAsync(0, upload) == $"0-{sent - 1}", "the bytes have arrived");
        }

        await Eventually.HoldsAsync(async () => await registries.StatusAsync(1, upload) == $"0-{sent - 1}", "the bytes lie in the store");
        using HttpResponseMessage closed = await registries.CloseAsync(1, upload, TestContent.Sha256(blob), blob[sent..]);

        Assert.Equal(HttpStatusCode.Created, closed.StatusCode);
        await registries.AssertNothingLeftAsync();
    }
}
