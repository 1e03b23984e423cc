using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.IntegrationTests;
using LocalRegistry.Testbed;
using Xunit;

[assembly: AssemblyFixture(typeof(S3Fixture))]

namespace LocalRegistry.Registry.IntegrationTests;

/// <summary>One S3 server for all tests, each in a bucket or a folder of its own.</summary>
public sealed class S3Fixture : IAsyncLifetime
{
    private S3Server? _server;
    private AmazonS3Client? _client;

    public S3Server Server => _server!;

    /// <summary>A client that sees and may do everything.</summary>
    public AmazonS3Client Client => _client!;

    public async ValueTask InitializeAsync()
    {
        _server = await S3Server.StartAsync(_ => { }, TestContext.Current.CancellationToken);
        _client = Server.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Creates a bucket that no other test uses.</summary>
    /// <param name="encrypted">Whether it encrypts by default (AES256).</param>
    public async Task<string> CreateBucketAsync(bool encrypted)
    {
        string bucket = $"b-{Guid.NewGuid():N}";
        await Server.CreateBucketAsync(bucket, encrypted, TestContext.Current.CancellationToken);
        return bucket;
    }

    /// <summary>The driver's settings for a bucket.</summary>
    public S3Driver Driver(string bucket) => new()
    {
        Bucket = bucket,
        Region = "us-east-1",
        RegionEndpoint = Server.Endpoint,
        ForcePathStyle = true,
        AccessKey = S3Server.AccessKey,
        SecretKey = S3Server.SecretKey,
        Secure = false,
        Encrypt = true,
    };

    /// <summary>The keys of a bucket in order.</summary>
    public async Task<List<string>> KeysAsync(string bucket)
    {
        var keys = new List<string>();
        await foreach (S3Object each in Client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = bucket }).S3Objects)
        {
            keys.Add(each.Key);
        }

        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    /// <summary>Fails if the bucket holds parts of uploads that were neither completed nor aborted.</summary>
    public async Task AssertNoMultipartUploadAsync(string bucket, string prefix = "")
    {
        ListMultipartUploadsResponse open = await Client.ListMultipartUploadsAsync(
            new ListMultipartUploadsRequest { BucketName = bucket, Prefix = prefix }, TestContext.Current.CancellationToken);
        Assert.Empty(open.MultipartUploads ?? []);
    }
}
