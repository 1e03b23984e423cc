using System.IO.Pipelines;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Storage.Uploads;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage.S3;

/// <summary>Every request that an upload costs, for each way in which clients send one.</summary>
public sealed class S3UploadRequestTests : IAsyncLifetime
{
    private const int PartSize = 1024;

    private static readonly RepositoryName Name = new("test/upload");

    private readonly PartBuffers _buffers = new(PartSize, 2);
    private readonly DescriptorCache _descriptors = new(0);
    private RecordingS3? _s3;
    private S3Store? _store;
    private UploadStore? _uploads;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _s3 = await RecordingS3.StartAsync();
        _store = new S3Store(_s3.Driver, S3ClientFactory.CreateS3(_s3.Driver));
        var blobs = new BlobStore(new ContentStore(_store), new LinkStore(_store), _descriptors);
        _uploads = new UploadStore(_store, blobs, _buffers, TimeProvider.System, NullLogger<UploadStore>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _uploads!.DisposeAsync();
        _store!.Dispose();
        await _s3!.DisposeAsync();
        _descriptors.Dispose();
        _buffers.Dispose();
    }

    [Theory]
    [InlineData(0, true, "PutObject")]
    [InlineData(0, false, "PutObject")]
    [InlineData(PartSize, true, "PutObject")]
    [InlineData(PartSize, false, "PutObject")]
    [InlineData(3 * PartSize, true, "CreateMultipartUpload,UploadPart*3,CompleteMultipartUpload")]
    [InlineData(3 * PartSize, false, "CreateMultipartUpload,UploadPart*3,CompleteMultipartUpload,HeadObject,CopyObject,DeleteObject")]
    public async Task Upload_costs_these_and_its_link(int size, bool isAnnounced, string expected)
    {
        await PushAsync(TestContent.Bytes(size), isAnnounced);

        Assert.Equal(Parse($"{expected},PutObject"), Count());
    }

    [Fact]
    public async Task Upload_of_what_is_there_is_not_copied()
    {
        _s3!.Size = 3 * PartSize;

        await PushAsync(TestContent.Bytes(3 * PartSize), isAnnounced: false);

        Assert.Equal(Parse("CreateMultipartUpload,UploadPart*3,CompleteMultipartUpload,HeadObject,DeleteObject,PutObject"), Count());
    }

    [Fact]
    public async Task Upload_that_cannot_be_copied_is_removed_and_not_linked()
    {
        _s3!.FailNext("CopyObject", 400, "InvalidRequest");

        await Assert.ThrowsAsync<Registry.Storage.Drivers.StoreException>(() => PushAsync(TestContent.Bytes(3 * PartSize), isAnnounced: false));

        Assert.Equal(Parse("CreateMultipartUpload,UploadPart*3,CompleteMultipartUpload,HeadObject,CopyObject,DeleteObject"), Count());
    }

    private static SortedDictionary<string, int> Parse(string calls)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (string[] call in calls.Split(',').Select(c => c.Split('*')))
        {
            counts[call[0]] = counts.GetValueOrDefault(call[0]) + (call.Length > 1 ? int.Parse(call[1], System.Globalization.CultureInfo.InvariantCulture) : 1);
        }

        return counts;
    }

    private SortedDictionary<string, int> Count() => Parse(string.Join(',', _s3!.Requests.Select(r => r.Call)));

    private async Task PushAsync(byte[] content, bool isAnnounced)
    {
        Digest digest = Digest.Of(DigestAlgorithm.Sha256, content);
        UploadSession session = (await _uploads!.BeginHereAsync(Name, null))!;
        Assert.True(session.TryEnter());
        await _uploads.AppendAsync(session, PipeReader.Create(new MemoryStream(content)), content.Length, isAnnounced ? digest : null, Token);
        Assert.True(await _uploads.CommitAsync(session, digest, Token));
    }
}
