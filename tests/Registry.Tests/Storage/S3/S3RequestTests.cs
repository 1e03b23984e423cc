using System.Text;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Tests.Http;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage.S3;

/// <summary>What requests to a store other than AWS's look like, and what becomes of its answers.</summary>
public sealed class S3RequestTests : IAsyncLifetime
{
    private RecordingS3? _started;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RecordingS3 S3 => _started!;

    public async ValueTask InitializeAsync() => _started = await RecordingS3.StartAsync();

    public ValueTask DisposeAsync() => S3.DisposeAsync();

    [Fact]
    public async Task Custom_endpoint_gets_plain_bodies_and_no_checksum_of_aws_own()
    {
        using S3Store store = Create(S3.Driver);

        await store.WriteAsync("put", "content"u8.ToArray(), onlyIfAbsent: false, Token);
        await S3WriteHeadersTests.WritePartsAsync(store);

        RecordedRequest put = Assert.Single(S3.Requests, r => r.Call == "PutObject");
        RecordedRequest part = Assert.Single(S3.Requests, r => r.Call == "UploadPart");
        Assert.Equal("content", Encoding.ASCII.GetString(put.Body));
        Assert.Equal([1, 2, 3], part.Body);
        Assert.All(S3.Requests, r =>
        {
            Assert.DoesNotContain(r.Headers.Keys, h => h.StartsWith("x-amz-checksum", StringComparison.OrdinalIgnoreCase));
            Assert.Equal((null, null, null, null), (r.Header("x-amz-sdk-checksum-algorithm"), r.Header("x-amz-trailer"), r.Header("Content-Encoding"), r.Header("Expect")));
            Assert.DoesNotContain("STREAMING", r.Header("x-amz-content-sha256") ?? "", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Custom_endpoint_over_tls_gets_plain_bodies_whose_hash_is_not_signed()
    {
        using var certificates = new TestCertificates();
        await using RecordingS3 s3 = await RecordingS3.StartAsync(certificates.Issue("server"));
        using S3Store store = Create(s3.Driver with { SkipVerify = true });

        await store.WriteAsync("put", "content"u8.ToArray(), onlyIfAbsent: false, Token);
        await S3WriteHeadersTests.WritePartsAsync(store);

        RecordedRequest[] bodies = [.. s3.Requests.Where(r => r.Call is "PutObject" or "UploadPart")];
        Assert.Equal(["content", "\u0001\u0002\u0003"], bodies.Select(b => Encoding.ASCII.GetString(b.Body)));
        Assert.All(bodies, b => Assert.Equal(("UNSIGNED-PAYLOAD", null, null), (b.Header("x-amz-content-sha256"), b.Header("Content-Encoding"), b.Header("x-amz-trailer"))));
    }

    [Fact]
    public async Task Read_asks_for_a_range_so_that_no_entity_tag_is_taken_for_an_md5()
    {
        S3.Size = 3;
        using S3Store store = Create(S3.Driver);

        await using ObjectContent? content = await store.OpenAsync("data", 0, null, Token);
        using var read = new MemoryStream();
        await content!.Stream.CopyToAsync(read, Token);

        RecordedRequest get = Assert.Single(S3.Requests);
        Assert.Equal((3, 3, "bytes=0-", null), (content.Size, read.Length, get.Header("Range"), get.Header("x-amz-checksum-mode")));
    }

    [Fact]
    public async Task User_agent_is_added_to_that_of_the_client()
    {
        using S3Store store = Create(S3.Driver with { UserAgent = "team-a/1.0 (images)" });

        await store.StatAsync("data", Token);

        RecordedRequest head = Assert.Single(S3.Requests);
        Assert.EndsWith(" team-a/1.0 (images)", head.Header("User-Agent"), StringComparison.Ordinal);
        Assert.StartsWith("aws-sdk-dotnet", head.Header("User-Agent"), StringComparison.Ordinal);

        // What is added late must not be signed.
        Assert.DoesNotContain("user-agent", head.Header("Authorization"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(6_000_000, 2)]
    [InlineData(15_728_641, 4)]
    public async Task Copy_is_cut_as_configured(long size, int parts)
    {
        using S3Store store = Create(S3.Driver with { MultipartCopyThresholdSize = 1000, MultipartCopyChunkSize = 5_242_880, MultipartCopyMaxConcurrency = 1 });

        await store.CopyAsync("data", "copy", size, Token);

        Assert.DoesNotContain(S3.Requests, r => r.Call == "HeadObject");
        string[] ranges = [.. S3.Requests.Where(r => r.Call == "UploadPartCopy").Select(r => r.Header("x-amz-copy-source-range")!)];
        Assert.Equal(Enumerable.Range(0, parts).Select(i => $"bytes={i * 5_242_880L}-{Math.Min((i + 1) * 5_242_880L, size) - 1}"), ranges);
        Assert.Equal(parts == 0 ? 1 : 0, S3.Requests.Count(r => r.Call == "CopyObject"));
    }

    [Theory]
    [InlineData("ConditionalRequestConflict")]
    [InlineData("OperationAborted")]
    public async Task Write_in_conflict_is_made_again(string code)
    {
        S3.FailNext("PutObject", 409, code, 2);
        using S3Store store = Create(S3.Driver);

        Assert.True(await store.WriteAsync("data", "content"u8.ToArray(), onlyIfAbsent: true, Token));

        RecordedRequest[] puts = [.. S3.Requests.Where(r => r.Call == "PutObject")];
        Assert.Equal(3, puts.Length);
        Assert.All(puts, p => Assert.Equal(("content", "*"), (Encoding.ASCII.GetString(p.Body), p.Header("If-None-Match"))));
    }

    [Fact]
    public async Task Write_in_conflict_with_one_that_won_says_that_it_is_there()
    {
        S3.FailNext("PutObject", 409, "ConditionalRequestConflict");
        S3.Size = 7;
        using S3Store store = Create(S3.Driver);

        Assert.False(await store.WriteAsync("data", "content"u8.ToArray(), onlyIfAbsent: true, Token));

        Assert.Equal(["PutObject", "HeadObject"], S3.Requests.Select(r => r.Call));
    }

    [Fact]
    public async Task Write_that_need_not_be_the_first_is_made_again_even_if_another_won()
    {
        S3.FailNext("PutObject", 409, "OperationAborted");
        S3.Size = 7;
        using S3Store store = Create(S3.Driver);

        Assert.True(await store.WriteAsync("data", "content"u8.ToArray(), onlyIfAbsent: false, Token));

        Assert.Equal(["PutObject", "PutObject"], S3.Requests.Select(r => r.Call));
    }

    [Fact]
    public async Task Write_that_is_always_in_conflict_fails_as_what_may_be_tried_later()
    {
        S3.FailNext("PutObject", 409, "ConditionalRequestConflict", 100);
        using S3Store store = Create(S3.Driver);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.WriteAsync("data", "content"u8.ToArray(), onlyIfAbsent: true, Token));

        Assert.Equal(StoreFailure.Unavailable, failure.Kind);
        Assert.Contains("ConditionalRequestConflict", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_in_conflict_with_one_that_won_leaves_no_parts()
    {
        S3.FailNext("CompleteMultipartUpload", 409, "ConditionalRequestConflict");
        S3.Size = 3;
        using S3Store store = Create(S3.Driver);

        await using (IPartWriter parts = await store.BeginAsync("data", Token))
        {
            await parts.WriteAsync(1, new byte[] { 1, 2, 3 }, Token);
            Assert.False(await parts.CompleteAsync(onlyIfAbsent: true, Token));
        }

        Assert.Equal(
            ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "HeadObject", "AbortMultipartUpload"], S3.Requests.Select(r => r.Call));
    }

    [Theory]
    [InlineData(3L, true)]
    [InlineData(4L, false)]
    [InlineData(null, false)]
    public async Task Completion_of_an_upload_that_is_gone_counts_if_its_object_is_there(long? size, bool isDone)
    {
        S3.FailNext("CompleteMultipartUpload", 404, "NoSuchUpload");
        S3.Size = size;
        using S3Store store = Create(S3.Driver);
        await using IPartWriter parts = await store.BeginAsync("data", Token);
        await parts.WriteAsync(1, new byte[] { 1, 2, 3 }, Token);

        if (isDone)
        {
            Assert.True(await parts.CompleteAsync(onlyIfAbsent: true, Token));
        }
        else
        {
            StoreException failure = await Assert.ThrowsAsync<StoreException>(() => parts.CompleteAsync(onlyIfAbsent: true, Token));
            Assert.Equal(StoreFailure.Missing, failure.Kind);
        }

        await parts.DisposeAsync();
        Assert.Equal(isDone ? 0 : 1, S3.Requests.Count(r => r.Call == "AbortMultipartUpload"));
    }

    [Theory]
    [InlineData(8L, true)]
    [InlineData(3L, false)]
    public async Task Completion_of_an_upload_that_another_began_counts_only_if_its_object_has_the_size_of_all_parts(long size, bool isDone)
    {
        S3.FailNext("CompleteMultipartUpload", 404, "NoSuchUpload");
        S3.Size = size;
        using S3Store store = Create(S3.Driver);
        await using IPartWriter parts = store.Resume("data", new PartsSoFar("upload", [new WrittenPart(4, "tag", 5)]));
        await parts.WriteAsync(parts.First, new byte[] { 1, 2, 3 }, Token);

        StoreFailure? failure = null;
        try
        {
            await parts.CompleteAsync(onlyIfAbsent: false, Token);
        }
        catch (StoreException e)
        {
            failure = e.Kind;
        }

        Assert.Equal(isDone ? null : StoreFailure.Missing, failure);
    }

    [Fact]
    public async Task Abort_of_an_upload_that_is_gone_is_no_failure()
    {
        S3.FailNext("AbortMultipartUpload", 404, "NoSuchUpload");
        using S3Store store = Create(S3.Driver);
        IPartWriter parts = await store.BeginAsync("data", Token);

        await parts.DisposeAsync();

        Assert.Equal(["CreateMultipartUpload", "AbortMultipartUpload"], S3.Requests.Select(r => r.Call));
    }

    [Theory]
    [InlineData(503, "SlowDown")]
    [InlineData(500, "InternalError")]
    public async Task Store_that_is_busy_for_a_moment_is_asked_again(int status, string code)
    {
        S3.FailNext("PutObject", status, code, 2);
        using S3Store store = Create(S3.Driver);

        Assert.True(await store.WriteAsync("data", "content"u8.ToArray(), onlyIfAbsent: false, Token));

        Assert.Equal(3, S3.Requests.Count);
    }

    // S3 begins to answer before a copy or a completion is done, so that its failure comes with status 200.
    [Fact]
    public async Task Failure_that_comes_with_status_200_is_none_of_success()
    {
        S3.FailNext("CopyObject", 200, "InternalError");
        S3.FailNext("CompleteMultipartUpload", 200, "InternalError");
        S3.Size = 3;
        using S3Store store = Create(S3.Driver);

        await store.CopyAsync("data", "copy", 3, Token);
        await S3WriteHeadersTests.WritePartsAsync(store);

        Assert.Equal((2, 2), (S3.Requests.Count(r => r.Call == "CopyObject"), S3.Requests.Count(r => r.Call == "CompleteMultipartUpload")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Certificate_that_nobody_vouches_for_is_taken_only_if_that_is_asked_for(bool skipVerify)
    {
        using var certificates = new TestCertificates();
        await using RecordingS3 s3 = await RecordingS3.StartAsync(certificates.Issue("server"));
        s3.Size = 3;
        using S3Store store = Create(s3.Driver with { SkipVerify = skipVerify });

        if (skipVerify)
        {
            Assert.Equal(3, await store.StatAsync("data", Token));
        }
        else
        {
            await Assert.ThrowsAsync<StoreException>(() => store.StatAsync("data", Token));
            Assert.Empty(s3.Requests);
        }
    }

    private static S3Store Create(S3Driver driver) => new(driver, S3ClientFactory.CreateS3(driver));
}
