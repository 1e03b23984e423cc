using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Grants;

/// <summary>The registry's program under the policies that are generated for it, on an S3 that enforces them.</summary>
public sealed class RegistryPolicyTests(AwsFixture aws) : IAsyncLifetime
{
    private const string Repository = "team/app";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granted-");
    private GrantedBucket? _bucket;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private GrantedBucket Bucket => _bucket!;

    public async ValueTask InitializeAsync() => _bucket = await GrantedBucket.CreateAsync(aws.S3, encrypted: true);

    public ValueTask DisposeAsync()
    {
        Bucket.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Publisher_policy_lets_the_registry_push_whatever_the_size_and_pull_it_back()
    {
        await Bucket.Owner.PutBucketPolicyAsync(new PutBucketPolicyRequest { BucketName = Bucket.Name, Policy = $"{Bucket.Policy(GrantDocuments.Bucket)}" }, Cancel);
        await using RegistryProcess registry = await StartAsync(GrantDocuments.Publisher);
        // One object each, parts and a copy, and a copy in parts.
        foreach (int bytes in (int[])[1024, 8 * 1024 * 1024, 40 * 1024 * 1024])
        {
            TestImage image = await CreateImageAsync(bytes);

            await Skopeo.CopyAsync(image.Reference, registry.Image($"{Repository}:b{bytes}"), null, Cancel);

            await PullAsync(registry, $"{Repository}@{image.Digest}", image);
        }

        Assert.DoesNotContain(await KeysAsync(), k => k.Contains("/_uploads/", StringComparison.Ordinal));
        ListMultipartUploadsResponse open = await Bucket.Owner.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Bucket.Name }, Cancel);
        Assert.Empty(open.MultipartUploads ?? []);
    }

    private static readonly TimeSpan LogDeadline = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Consumer_policy_lets_the_registry_pull_and_list_everything_and_push_nothing()
    {
        TestImage image = await CreateImageAsync(8 * 1024 * 1024);
        await using (RegistryProcess publisher = await StartAsync(GrantDocuments.Publisher))
        {
            await Skopeo.CopyAsync(image.Reference, publisher.Image($"{Repository}:v1"), null, Cancel);
        }

        List<string> before = await KeysAsync();
        await using RegistryProcess consumer = await StartAsync(GrantDocuments.Consumer);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{consumer.Address}") };

        await PullAsync(consumer, $"{Repository}:v1", image);
        await PullAsync(consumer, $"{Repository}@{image.Digest}", image);
        Assert.Equal("v1", (string?)(await client.GetFromJsonAsync<JsonNode>($"/v2/{Repository}/tags/list", Cancel))!["tags"]![0]);
        Assert.Equal(Repository, (string?)(await client.GetFromJsonAsync<JsonNode>("/v2/_catalog", Cancel))!["repositories"]![0]);
        // Not 403, nor a fault: what is missing is told from what is forbidden.
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, $"/v2/{Repository}/manifests/absent"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, $"/v2/{Repository}/blobs/sha256:{new string('0', 64)}"));
        TestImage other = await CreateImageAsync(1024);
        await Assert.ThrowsAsync<CommandException>(() => Skopeo.CopyAsync(other.Reference, consumer.Image($"{Repository}:v2"), null, Cancel));
        // The log comes through a pipe, a little after the answer.
        await Wait.UntilAsync(
            "the refusal in the log", _ => Task.FromResult(consumer.Log), log => log.Contains("S3 refuses PutObject", StringComparison.Ordinal), LogDeadline, Cancel);
        Assert.Equal(before, await KeysAsync());
    }

    [Fact]
    public async Task Consumer_policy_denies_every_write_every_delete_and_every_other_folder()
    {
        await PutAsync(Bucket.Owner, Bucket.Key("x"));
        await PutAsync(Bucket.Owner, "other/x");
        using AmazonS3Client consumer = Bucket.ClientOf(await Bucket.CreateUserAsync(Bucket.Policy(GrantDocuments.Consumer)));

        using (await consumer.GetObjectAsync(Bucket.Name, Bucket.Key("x"), Cancel))
        {
        }

        await GrantedBucket.AssertDeniedAsync(consumer.PutObjectAsync(new PutObjectRequest { BucketName = Bucket.Name, Key = Bucket.Key("x"), ContentBody = "y" }, Cancel));
        await GrantedBucket.AssertDeniedAsync(consumer.DeleteObjectAsync(Bucket.Name, Bucket.Key("x"), Cancel));
        await GrantedBucket.AssertDeniedAsync(consumer.InitiateMultipartUploadAsync(Bucket.Name, Bucket.Key("x"), Cancel));
        await GrantedBucket.AssertDeniedAsync(consumer.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Bucket.Name }, Cancel));
        await AssertNothingElseAsync(consumer);
    }

    [Fact]
    public async Task Publisher_policy_denies_every_other_folder_and_every_setting()
    {
        await PutAsync(Bucket.Owner, "other/x");
        using AmazonS3Client publisher = Bucket.ClientOf(await Bucket.CreateUserAsync(Bucket.Policy(GrantDocuments.Publisher)));

        await PutAsync(publisher, Bucket.Key("x"));
        await publisher.DeleteObjectAsync(Bucket.Name, Bucket.Key("x"), Cancel);
        string upload = (await publisher.InitiateMultipartUploadAsync(Bucket.Name, Bucket.Key("x"), Cancel)).UploadId;
        await publisher.AbortMultipartUploadAsync(Bucket.Name, Bucket.Key("x"), upload, Cancel);
        await GrantedBucket.AssertDeniedAsync(publisher.CopyObjectAsync(Bucket.Name, "other/x", Bucket.Name, Bucket.Key("x"), Cancel));
        await AssertNothingElseAsync(publisher);
    }

    private async Task AssertNothingElseAsync(AmazonS3Client client)
    {
        await GrantedBucket.AssertDeniedAsync(client.GetObjectAsync(Bucket.Name, "other/x", Cancel));
        await GrantedBucket.AssertDeniedAsync(client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket.Name, Key = "other/y", ContentBody = "y" }, Cancel));
        await GrantedBucket.AssertDeniedAsync(client.DeleteObjectAsync(Bucket.Name, "other/x", Cancel));
        await GrantedBucket.AssertDeniedAsync(client.InitiateMultipartUploadAsync(Bucket.Name, "other/y", Cancel));
        await GrantedBucket.AssertDeniedAsync(client.GetBucketPolicyAsync(new GetBucketPolicyRequest { BucketName = Bucket.Name }, Cancel));
        await GrantedBucket.AssertDeniedAsync(client.PutBucketPolicyAsync(new PutBucketPolicyRequest { BucketName = Bucket.Name, Policy = "{}" }, Cancel));
        await GrantedBucket.AssertDeniedAsync(S3Server.EncryptByDefaultAsync(client, Bucket.Name, Cancel));
        await GrantedBucket.AssertDeniedAsync(client.DeleteBucketAsync(Bucket.Name, Cancel));
    }

    private async Task<RegistryProcess> StartAsync(string policy) =>
        await RegistryProcess.StartAsync(Bucket.FilesOf(await Bucket.CreateUserAsync(Bucket.Policy(policy))));

    private Task<TestImage> CreateImageAsync(int layerBytes) => TestImage.CreateAsync(NewFolder(), new TestImageOptions { RandomLayerBytes = layerBytes }, Cancel);

    // skopeo checks every digest on the way.
    private async Task PullAsync(RegistryProcess registry, string name, TestImage image)
    {
        string pulled = NewFolder();
        await Skopeo.CopyAsync(registry.Image(name), $"oci:{pulled}:latest", null, Cancel);
        Assert.All(image.LayerDigests.Append(image.Digest), d => Assert.True(File.Exists(Path.Combine(pulled, "blobs", d.Replace(':', '/')))));
    }

    private string NewFolder() => Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"));

    private async Task PutAsync(AmazonS3Client client, string key) => await client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket.Name, Key = key, ContentBody = "x" }, Cancel);

    private async Task<List<string>> KeysAsync() => [.. (await Bucket.Owner.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket.Name }, Cancel)).S3Objects?.Select(o => o.Key) ?? []];

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return answer.StatusCode;
    }
}
