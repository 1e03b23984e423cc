using System.IO.Pipelines;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Uploads;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>Uploads with little memory, on a store that does what a test says.</summary>
public abstract class UploadBed : IAsyncLifetime
{
    private protected const int PartSize = 1024;
    private protected const int BufferCount = 3;

    private protected static readonly RepositoryName Name = new("test/upload");

    private protected readonly FakeTimeProvider _time = new();
    private protected readonly PartBuffers _buffers = new(PartSize, BufferCount);
    private protected readonly InMemoryStore _inner = new();
    private protected readonly DescriptorCache _descriptors = new(0);
    private protected readonly FaultyStore _store;
    private protected readonly UploadStore _uploads;

    protected UploadBed()
    {
        _store = new FaultyStore(_inner);
        _uploads = new UploadStore(
            _store, new BlobStore(new ContentStore(_store), new LinkStore(_store), _descriptors), _buffers, _time, NullLogger<UploadStore>.Instance);
    }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _uploads.DisposeAsync();
        _descriptors.Dispose();
        _buffers.Dispose();
        _inner.Dispose();
    }

    private protected static Digest DigestOf(byte[] content) => Digest.Of(DigestAlgorithm.Sha256, content);

    private protected async Task<UploadSession> BeginAsync() => (await _uploads.BeginHereAsync(Name, null))!;

    private protected async Task<List<UploadSession>> OpenAsync(int count)
    {
        var open = new List<UploadSession>();
        for (int i = 0; i < count; i++)
        {
            open.Add(await BeginAsync());
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        return open;
    }

    private protected Task<AppendOutcome> AppendAsync(UploadSession session, byte[] content, Digest? expected = null) =>
        _uploads.AppendAsync(session, PipeReader.Create(new MemoryStream(content)), null, expected, Token);

    /// <summary>The blob and its link, and nothing else, are in the store.</summary>
    private protected async Task AssertStoredAsync(byte[] content)
    {
        Digest digest = DigestOf(content);
        Assert.Equal([KeyLayout.BlobData(digest), KeyLayout.LayerLink(Name, digest)], await _inner.KeysAsync());
        await using ObjectContent? stored = await _inner.OpenAsync(KeyLayout.BlobData(digest), 0, null, Token);
        byte[] read = new byte[stored!.Size];
        await stored.Stream.ReadExactlyAsync(read, Token);
        Assert.Equal(content, read);
    }

    private protected async Task AssertAllBuffersFreeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var rented = new List<byte[]>();
        for (int i = 0; i < BufferCount; i++)
        {
            rented.Add(await _buffers.RentAsync(deadline.Token));
        }

        rented.ForEach(_buffers.Return);
    }
}
