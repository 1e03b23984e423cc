using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Storage.Uploads;
using LocalRegistry.Registry.Tests.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Storage;

/// <summary>Multipart uploads that nobody completes.</summary>
public sealed class S3PurgeTests(S3Fixture s3)
{
    private const string Blob = "docker/registry/v2/blobs/sha256/ab/abcd/data";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Incomplete_upload_that_is_old_is_aborted_and_one_that_is_young_or_elsewhere_stays()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        using S3Store store = Create(s3.Driver(bucket) with { RootDirectory = "myroot" });
        using S3Store other = Create(s3.Driver(bucket) with { RootDirectory = "other" });
        await BeginAsync(store, Blob);
        await BeginAsync(store, "docker/registry/v2/repositories/app/_uploads/1/data");
        await BeginAsync(other, Blob);
        using var log = new LogRecorder();

        await PurgeAsync(store, TimeSpan.FromHours(167), log);
        List<string> young = await UnfinishedAsync(store, other);
        await PurgeAsync(store, TimeSpan.FromHours(169), log);

        Assert.Equal(3, young.Count);
        Assert.Equal([$"other/{Blob}"], await UnfinishedAsync(store, other));
        await PurgeAsync(other, TimeSpan.FromHours(169), log);
        await s3.AssertNoMultipartUploadAsync(bucket);
    }

    [Fact]
    public async Task More_incomplete_uploads_than_a_page_are_all_aborted()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        using S3Store store = Create(s3.Driver(bucket));
        await Parallel.ForAsync(0, 1050, Token, async (i, token) =>
        {
            await using IPartWriter parts = await store.BeginAsync($"docker/registry/v2/blobs/sha256/{i:0000}/data", token);
            parts.Leave();
        });
        using var log = new LogRecorder();

        await PurgeAsync(store, TimeSpan.FromHours(169), log);

        await s3.AssertNoMultipartUploadAsync(bucket);
    }

    [Fact]
    public async Task Identity_that_may_not_list_them_is_told_which_right_it_lacks()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        string user = $"u{Guid.NewGuid():N}";
        await s3.Server.AdminAsync(["user", "create", "--uid", user, "--display-name", user, "--access-key", user, "--secret-key", "secret"], Token);
        string policy = $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam:::user/{{user}}"},
             "Action":["s3:ListBucket","s3:GetObject","s3:PutObject","s3:DeleteObject","s3:AbortMultipartUpload"],
             "Resource":["arn:aws:s3:::{{bucket}}","arn:aws:s3:::{{bucket}}/*"]}]}
            """;
        await s3.Client.PutBucketPolicyAsync(bucket, policy, Token);
        using S3Store store = Create(s3.Driver(bucket) with { AccessKey = user, SecretKey = "secret" });
        await BeginAsync(store, Blob);
        using var log = new LogRecorder();

        await PurgeAsync(store, TimeSpan.FromHours(169), log);

        Assert.Contains(log.Texts, t => t.Contains("s3:ListBucketMultipartUploads", StringComparison.Ordinal));
        using S3Store owner = Create(s3.Driver(bucket));
        Assert.Single(await UnfinishedAsync(owner));
    }

    private static S3Store Create(S3Driver driver) => new(driver, S3ClientFactory.CreateS3(driver));

    private static async Task BeginAsync(S3Store store, string key)
    {
        await using IPartWriter parts = await store.BeginAsync(key, Token);
        await parts.WriteAsync(1, new byte[100], Token);
        parts.Leave();
    }

    private static async Task PurgeAsync(S3Store store, TimeSpan later, LogRecorder log)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        await new UploadPurge(store, new UploadPurgingConfiguration(), new LaterTime(later), loggers.CreateLogger<UploadPurge>()).RunAsync(Token);
    }

    private static async Task<List<string>> UnfinishedAsync(params S3Store[] stores)
    {
        var keys = new List<string>();
        foreach (S3Store store in stores)
        {
            await foreach (UnfinishedObject unfinished in store.ListUnfinishedAsync("", Token))
            {
                keys.Add(stores.Length > 1 && store == stores[1] ? $"other/{unfinished.Key}" : unfinished.Key);
            }
        }

        return keys;
    }

    /// <summary>The time that it will be.</summary>
    private sealed class LaterTime(TimeSpan later) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + later;
    }
}
