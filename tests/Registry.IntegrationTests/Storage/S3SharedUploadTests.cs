using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Tests.Http;

namespace LocalRegistry.Registry.IntegrationTests.Storage;

/// <summary>Uploads that go on at another registry of the same bucket.</summary>
public sealed class S3SharedUploadTests(S3Fixture s3) : SharedUploadContract
{
    private string _bucket = "";

    private protected override bool HasPartsByNumber => true;

    private protected override async Task<IObjectStore> CreateAsync()
    {
        _bucket = await s3.CreateBucketAsync(encrypted: true);
        return new S3Store(s3.Driver(_bucket), S3ClientFactory.CreateS3(s3.Driver(_bucket)));
    }

    private protected override Task ClearAsync() => s3.AssertNoMultipartUploadAsync(_bucket);
}
