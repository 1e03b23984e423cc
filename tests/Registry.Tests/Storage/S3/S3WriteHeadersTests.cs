using LocalRegistry.Registry.Checks;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage.S3;

/// <summary>What each kind of write says of encryption, storage class and access list, as it goes over the wire.</summary>
public sealed class S3WriteHeadersTests
{
    private const string Encryption = "x-amz-server-side-encryption";
    private const string EncryptionKey = "x-amz-server-side-encryption-aws-kms-key-id";

    // The calls that make an object. Parts and completions have no say in any of it.
    private static readonly string[] Writes = ["PutObject", "CreateMultipartUpload", "CopyObject"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every combination, with what is to be sent.</summary>
    public static TheoryData<bool, string?, bool, string?, string?, string?> Combinations()
    {
        var data = new TheoryData<bool, string?, bool, string?, string?, string?>();
        foreach ((bool encrypt, string? key, bool dsse, string? sent) in ((bool, string?, bool, string?)[])[
            (false, null, false, null), (true, null, false, "AES256"), (true, "alias/k", false, "aws:kms"), (true, null, true, "aws:kms:dsse"), (true, "alias/k", true, "aws:kms:dsse")])
        {
            foreach (string? storageClass in (string?[])[null, "STANDARD", "INTELLIGENT_TIERING"])
            {
                foreach (string? acl in (string?[])[null, "private", "bucket-owner-full-control"])
                {
                    data.Add(encrypt, key, dsse, storageClass, acl, sent);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Every_write_says_all_that_is_configured(bool encrypt, string? keyId, bool dsse, string? storageClass, string? acl, string? encryption)
    {
        await using RecordingS3 s3 = await RecordingS3.StartAsync();
        S3Driver driver = s3.Driver with { Encrypt = encrypt, KeyId = keyId, Dsse = dsse, StorageClass = storageClass, ObjectAcl = acl, MultipartCopyThresholdSize = 1000 };
        using var store = new S3Store(driver, S3ClientFactory.CreateS3(driver));

        await store.WriteAsync("put", new byte[] { 1 }, onlyIfAbsent: true, Token);
        await WritePartsAsync(store);
        await store.CopyAsync("put", "copy", 1000, Token);
        await store.CopyAsync("put", "large-copy", 1001, Token);
        using (var client = S3ClientFactory.CreateS3(driver))
        {
            await new S3Canary(driver, client, new S3CallLog(driver), "arn", "canary").RunAsync(Token);
        }

        RecordedRequest[] writes = [.. s3.Requests.Where(r => Writes.Contains(r.Call))];
        Assert.Equal(
            ["PutObject /images/put", "CreateMultipartUpload /images/parts?uploads", "CopyObject /images/copy", "CreateMultipartUpload /images/large-copy?uploads", "PutObject /images/canary"],
            writes.Take(5).Select(w => $"{w.Call} {w.Target}".TrimEnd('=')));
        Assert.Contains(writes.Skip(5), w => w.Call == "CreateMultipartUpload");
        Assert.All(writes, w => Assert.Equal(
            (encryption, keyId, storageClass, acl),
            (w.Header(Encryption), w.Header(EncryptionKey), w.Header("x-amz-storage-class"), w.Header("x-amz-acl"))));
    }

    internal static async Task WritePartsAsync(IObjectStore store, string key = "parts")
    {
        await using IPartWriter parts = await store.BeginAsync(key, Token);
        await parts.WriteAsync(1, new byte[] { 1, 2, 3 }, Token);
        Assert.True(await parts.CompleteAsync(onlyIfAbsent: true, Token));
    }
}
