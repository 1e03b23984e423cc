using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Tests;
using LocalRegistry.Registry.Tests.Storage;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Storage;

public sealed class S3StoreTests(S3Fixture s3) : ObjectStoreContract
{
    private const int Megabyte = 1024 * 1024;

    private string _bucket = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, null, "AES256")]
    [InlineData(true, "testkey-1", "aws:kms")]
    [InlineData(false, null, null)]
    public async Task Every_way_to_write_asks_for_the_encryption_that_is_configured(bool encrypt, string? keyId, string? expected)
    {
        // This bucket encrypts nothing by itself, so what is encrypted in it was asked for.
        string bucket = await s3.CreateBucketAsync(encrypted: false);
        using S3Store store = Create(s3.Driver(bucket) with { Encrypt = encrypt, KeyId = keyId });

        await store.WriteAsync("put", new byte[] { 1 }, onlyIfAbsent: true, Token);
        await WritePartsAsync(store, "parts", 6 * Megabyte);
        await store.CopyAsync("put", "copy", 1, Token);
        await WritePartsAsync(store, "large", 40 * Megabyte);
        await store.CopyAsync("large", "large-copy", 40 * Megabyte, Token);

        foreach (string key in await s3.KeysAsync(bucket))
        {
            GetObjectMetadataResponse head = await s3.Client.GetObjectMetadataAsync(bucket, key, Token);
            Assert.Equal((key, expected), (key, head.ServerSideEncryptionMethod?.Value is { Length: > 0 } method ? method : null));
            Assert.Equal((key, keyId), (key, head.ServerSideEncryptionKeyManagementServiceKeyId));
        }
    }

    [Fact]
    public async Task Copy_of_a_large_object_goes_in_parts_and_keeps_every_byte()
    {
        byte[] content = await WritePartsAsync(Store, Key("large"), 70 * Megabyte);

        await Store.CopyAsync(Key("large"), Key("copy"), content.Length, Token);

        (long size, byte[] copy) = await ReadAsync("copy");
        Assert.Equal((content.Length, TestContent.Sha256(content)), (size, TestContent.Sha256(copy)));
        await s3.AssertNoMultipartUploadAsync(_bucket, Key(""));
    }

    [Theory]
    [InlineData("", "data")]
    [InlineData("myroot", "myroot/data")]
    [InlineData("deep/er", "deep/er/data")]
    public async Task Root_directory_goes_before_every_key(string root, string key)
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        using S3Store store = Create(s3.Driver(bucket) with { RootDirectory = root });

        await store.WriteAsync("data", new byte[] { 1 }, onlyIfAbsent: false, Token);
        await store.ProbeAsync(Token);

        Assert.Equal([key], await s3.KeysAsync(bucket));
        Assert.Equal(1, await store.StatAsync("data", Token));
        await store.DeleteAsync("data", Token);
        Assert.Empty(await s3.KeysAsync(bucket));
    }

    [Fact]
    public async Task List_longer_than_a_page_is_read_to_its_end()
    {
        string[] names = [.. Enumerable.Range(0, 1100).Select(i => $"n{i:0000}")];
        await Parallel.ForEachAsync(names, Token, async (name, token) => await Store.WriteAsync(Key($"tags/{name}/link"), new byte[] { 1 }, onlyIfAbsent: false, token));

        var listed = new List<string>();
        await foreach (string name in Store.ListAsync(Key("tags/"), null, Token))
        {
            listed.Add(name);
        }

        Assert.Equal(names, listed);

        listed.Clear();
        await foreach (string name in Store.ListAsync(Key("tags/"), "n0049", Token))
        {
            listed.Add(name);
        }

        Assert.Equal(names[49..], listed);
    }

    [Fact]
    public async Task List_passes_over_the_marker_of_the_folder_itself()
    {
        await s3.Client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = Key("folder/"), ContentBody = "" }, Token);
        await WriteAsync("folder/a", [1]);

        var names = new List<string>();
        await foreach (string name in Store.ListAsync(Key("folder/"), null, Token))
        {
            names.Add(name);
        }

        Assert.Equal(["a"], names);
    }

    [Theory]
    [InlineData("wrong secret", nameof(StoreFailure.Denied))]
    [InlineData("no bucket", nameof(StoreFailure.Unavailable))]
    [InlineData("no server", nameof(StoreFailure.Unavailable))]
    public async Task Store_that_cannot_work_fails_every_call_in_the_same_way(string cause, string kind)
    {
        S3Driver driver = s3.Driver(_bucket);
        driver = cause switch
        {
            "wrong secret" => driver with { SecretKey = "wrong" },
            "no bucket" => driver with { Bucket = "absent-bucket" },
            _ => driver with { RegionEndpoint = new Uri("http://127.0.0.1:9") },
        };
        using S3Store store = Create(driver);

        foreach (Func<Task> call in (Func<Task>[])[
            () => store.WriteAsync("data", new byte[] { 1 }, onlyIfAbsent: true, Token),
            () => store.BeginAsync("data", Token),
            () => store.ProbeAsync(Token)])
        {
            StoreException failure = await Assert.ThrowsAsync<StoreException>(call);
            Assert.Equal(kind, failure.Kind.ToString());
            Assert.DoesNotContain(driver.SecretKey!, failure.Message, StringComparison.Ordinal);
        }
    }

    private protected override async Task<IObjectStore> CreateAsync()
    {
        _bucket = await s3.CreateBucketAsync(encrypted: true);
        return Create(s3.Driver(_bucket));
    }

    private protected override Task ClearAsync() => Task.CompletedTask;

    private protected override Task AssertNothingUnfinishedAsync() => s3.AssertNoMultipartUploadAsync(_bucket);

    private static S3Store Create(S3Driver driver) => new(driver, S3ClientFactory.CreateS3(driver));

    private static async Task<byte[]> WritePartsAsync(IObjectStore store, string key, int size)
    {
        byte[] content = TestContent.Bytes(size);
        await using IPartWriter parts = await store.BeginAsync(key, Token);
        int number = 0;
        for (int start = 0; start < size; start += 10 * Megabyte)
        {
            await parts.WriteAsync(++number, content.AsMemory(start, Math.Min(10 * Megabyte, size - start)), Token);
        }

        Assert.True(await parts.CompleteAsync(onlyIfAbsent: true, Token));
        return content;
    }
}
