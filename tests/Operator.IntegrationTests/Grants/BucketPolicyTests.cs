using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Grants;

/// <summary>The generated bucket policies on an S3 that enforces them.</summary>
public sealed class BucketPolicyTests(AwsFixture aws) : IDisposable
{
    private const int Large = 8 * 1024 * 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granted-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Policy_for_AWS_denies_uploads_without_the_header_or_with_another_and_lets_the_registrys_own_pass()
    {
        // A default encryption counts as the header at this server, so there is none.
        using GrantedBucket bucket = await GrantedBucket.CreateAsync(aws.S3, encrypted: false);
        await ApplyAsync(bucket, BucketPolicy.Build(bucket.Driver with { RegionEndpoint = null, Secure = true }, null));

        await GrantedBucket.AssertDeniedAsync(PutAsync(bucket, bucket.Key("x"), null));
        await GrantedBucket.AssertDeniedAsync(PutAsync(bucket, bucket.Key("x"), ServerSideEncryptionMethod.AWSKMS));
        await GrantedBucket.AssertDeniedAsync(bucket.Owner.InitiateMultipartUploadAsync(bucket.Name, bucket.Key("x"), Cancel));
        await PutAsync(bucket, bucket.Key("x"), ServerSideEncryptionMethod.AES256);
        await PutAsync(bucket, "other/x", null);
        await PushAsync(bucket, layerBytes: 1024);
    }

    [Fact]
    public async Task Policy_for_AWS_denies_large_layers_at_a_store_that_wants_the_header_on_every_part()
    {
        using GrantedBucket bucket = await GrantedBucket.CreateAsync(aws.S3, encrypted: true);
        await ApplyAsync(bucket, BucketPolicy.Build(bucket.Driver with { RegionEndpoint = null }, null));

        await Assert.ThrowsAsync<CommandException>(() => PushAsync(bucket, Large));

        CheckResult failed = Assert.Single(
            (await bucket.CheckAsync(await bucket.CreateUserAsync(bucket.Policy(GrantDocuments.Publisher)))).Checks, c => c.Outcome != CheckOutcome.Passed && c.Outcome != CheckOutcome.Skipped);
        Assert.Equal("MultipartCanary", failed.Name);
        Assert.Contains("Take the statement out that denies uploads without it (Null)", failed.Message, StringComparison.Ordinal);
        Assert.Empty((await bucket.Owner.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = bucket.Name }, Cancel)).MultipartUploads ?? []);
    }

    [Fact]
    public async Task Policy_for_another_store_denies_other_encryption_and_lets_large_layers_pass()
    {
        using GrantedBucket bucket = await GrantedBucket.CreateAsync(aws.S3, encrypted: true);
        await ApplyAsync(bucket, bucket.Policy(GrantDocuments.Bucket));

        await GrantedBucket.AssertDeniedAsync(PutAsync(bucket, bucket.Key("x"), ServerSideEncryptionMethod.AWSKMS));
        await PutAsync(bucket, bucket.Key("x"), null);
        await PushAsync(bucket, Large);

        ListObjectsV2Response all = await bucket.Owner.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket.Name }, Cancel);
        foreach (S3Object each in all.S3Objects)
        {
            Assert.Equal("AES256", (await bucket.Owner.GetObjectMetadataAsync(bucket.Name, each.Key, Cancel)).ServerSideEncryptionMethod?.Value);
        }
    }

    private static async Task ApplyAsync(GrantedBucket bucket, PolicyDocument? policy) => await
        bucket.Owner.PutBucketPolicyAsync(new PutBucketPolicyRequest { BucketName = bucket.Name, Policy = $"{policy}" }, Cancel);

    private static async Task PutAsync(GrantedBucket bucket, string key, ServerSideEncryptionMethod? encryption) => await bucket.Owner.PutObjectAsync(
        new PutObjectRequest
        {
            BucketName = bucket.Name,
            Key = key,
            ContentBody = "x",
            ServerSideEncryptionMethod = encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = encryption == ServerSideEncryptionMethod.AWSKMS ? "testkey-1" : null,
        },
        Cancel);

    private async Task PushAsync(GrantedBucket bucket, int layerBytes)
    {
        TestImage image = await TestImage.CreateAsync(
            Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N")), new TestImageOptions { RandomLayerBytes = layerBytes }, Cancel);
        await using RegistryProcess registry = await RegistryProcess.StartAsync(bucket.FilesOf(await bucket.CreateUserAsync(bucket.Policy(GrantDocuments.Publisher))));
        await Skopeo.CopyAsync(image.Reference, registry.Image("team/app:v1"), null, Cancel);
        Assert.Equal(image.Digest, await Skopeo.DigestAsync(registry.Image("team/app:v1"), null, Cancel));
    }
}
