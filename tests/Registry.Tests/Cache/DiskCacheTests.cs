using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Xunit;

namespace LocalRegistry.Registry.Tests.Cache;

public sealed class DiskCacheTests
{
    private const int Large = 9_000_001;

    [Theory]
    [InlineData(1)]
    [InlineData(256 * 1024)]
    [InlineData((256 * 1024) + 1)]
    [InlineData(4 * 1024 * 1024)]
    [InlineData(Large)]
    public async Task Content_is_read_from_the_store_once_and_is_a_file_from_then_on(int size)
    {
        using var bed = new CacheBed();
        byte[] bytes = TestContent.Bytes(size);
        Digest digest = await bed.CacheAsync(bytes);
        int asked = bed.Opened;

        await using ObjectContent? content = await bed.Content.OpenAsync(digest, null, CacheBed.Token);
        Assert.NotNull(content!.File);
        Assert.Equal((0, size), (content.FileOffset, content.Size));
        Assert.Equal(bytes, await CacheBed.ReadAsync(content));
        Assert.Equal(bytes[..1], await bed.ReadAsync(digest, new ByteRange(0, 0)));
        Assert.InRange(asked, 1, (size + (4 << 20) - 1) / (4 << 20));
        Assert.Equal(asked, bed.Opened);
    }

    [Fact]
    public async Task Content_with_a_SHA_512_digest_is_kept_as_well()
    {
        using var bed = new CacheBed();
        byte[] bytes = TestContent.Bytes(400_000);
        Digest digest = await bed.CacheAsync(bytes, DigestAlgorithm.Sha512);
        bed.Restart();
        Assert.Equal(bytes, await bed.ReadAsync(digest));
        Assert.Equal(1, bed.Opened);
    }

    [Fact]
    public async Task Range_of_a_file_is_that_range()
    {
        using var bed = new CacheBed();
        byte[] bytes = TestContent.Bytes(Large);
        Digest digest = await bed.CacheAsync(bytes);
        await using ObjectContent? content = await bed.Content.OpenAsync(digest, new ByteRange(5_000_000, 5_000_099), CacheBed.Token);
        Assert.Equal((5_000_000, Large), (content!.FileOffset, content.Size));
        Assert.Equal(bytes[5_000_000..5_000_100], await CacheBed.ReadAsync(content));
    }

    [Theory]
    [InlineData(100_000, 1)]
    [InlineData(3_000_000, 1)]
    [InlineData(Large, 1)]
    public async Task Fifty_clients_cost_the_store_one_object(int size, int requests)
    {
        using var bed = new CacheBed();
        byte[] bytes = TestContent.Bytes(size);
        Digest digest = await bed.PutAsync(bytes);
        var gate = new TaskCompletionSource();
        bed.Store.Before = method => method == nameof(IObjectStore.OpenAsync) ? gate.Task : Task.CompletedTask;
        Task<byte[]>[] clients = [.. Enumerable.Range(0, 50).Select(_ => bed.ReadAsync(digest))];
        gate.SetResult();
        foreach (byte[] read in await Task.WhenAll(clients))
        {
            Assert.True(bytes.AsSpan().SequenceEqual(read));
        }

        Assert.InRange(bed.Opened, 1, requests);
        await bed.IsEntryAsync(digest);
    }

    [Fact]
    public async Task Range_of_content_that_is_not_there_yet_joins_its_fill()
    {
        using var bed = new CacheBed();
        byte[] bytes = TestContent.Bytes(Large);
        Digest digest = await bed.PutAsync(bytes);
        Assert.Equal(bytes[8_000_000..], await bed.ReadAsync(digest, new ByteRange(8_000_000, Large - 1)));
        await bed.IsEntryAsync(digest);
        Assert.Equal(bytes, await bed.ReadAsync(digest));
        Assert.InRange(bed.Opened, 1, 3);
    }

    [Fact]
    public async Task What_the_store_does_not_have_is_asked_for_anew()
    {
        using var bed = new CacheBed();
        byte[] bytes = TestContent.Bytes(10);
        Digest digest = Digest.Of(DigestAlgorithm.Sha256, bytes);
        Assert.Null(await bed.Content.OpenAsync(digest, null, CacheBed.Token));
        Assert.Null(await bed.Content.StatAsync(digest, CacheBed.Token));
        await bed.PutAsync(bytes);
        Assert.Equal(bytes, await bed.ReadAsync(digest));
    }

    [Fact]
    public async Task Nobody_gets_the_end_of_content_that_has_another_digest_and_it_is_not_kept()
    {
        using var bed = new CacheBed();
        byte[] bytes = TestContent.Bytes(Large);
        Digest digest = Digest.Of(DigestAlgorithm.Sha256, bytes);
        bytes[10] ^= 1;
        await bed.Store.WriteAsync(KeyLayout.BlobData(digest), bytes, onlyIfAbsent: false, CacheBed.Token);

        Task<long>[] clients = [.. Enumerable.Range(0, 5).Select(_ => Task.Run(() => ReadUntilCorruptAsync(bed, digest)))];
        Assert.All(await Task.WhenAll(clients), read => Assert.InRange(read, 0, Large - 1));
        await bed.IsQuietAsync();
        Assert.False(bed.Has(digest));
    }

    [Fact]
    public async Task Small_content_that_has_another_digest_is_not_given_at_all()
    {
        using var bed = new CacheBed();
        Digest digest = Digest.Of(DigestAlgorithm.Sha256, [1]);
        await bed.Store.WriteAsync(KeyLayout.BlobData(digest), new byte[] { 2 }, onlyIfAbsent: false, CacheBed.Token);
        await Assert.ThrowsAsync<CorruptContentException>(() => bed.Content.OpenAsync(digest, null, CacheBed.Token));
        Assert.False(bed.Has(digest));
    }

    [Fact]
    public async Task Failure_of_the_store_is_told_and_the_next_request_tries_again()
    {
        using var bed = new CacheBed();
        byte[] bytes = TestContent.Bytes(Large);
        Digest digest = await bed.PutAsync(bytes);
        bed.Store.Fail(StoreFailure.Denied, nameof(IObjectStore.OpenAsync));
        StoreException told = await Assert.ThrowsAsync<StoreException>(() => bed.Content.OpenAsync(digest, null, CacheBed.Token));
        Assert.Equal(StoreFailure.Denied, told.Kind);

        // In the middle.
        bed.Store.Before = _ => Task.CompletedTask;
        bed.Store.Through = stream => new BreakingStream(stream, Large / 2);
        await using (ObjectContent? content = await bed.Content.OpenAsync(digest, null, CacheBed.Token))
        {
            await Assert.ThrowsAsync<StoreException>(() => CacheBed.ReadAsync(content!));
        }

        await bed.IsQuietAsync();
        bed.Store.Through = stream => stream;
        await Eventually.HoldsAsync(async () => await TryReadAsync(bed, digest) is { } read && read.AsSpan().SequenceEqual(bytes), "the content is read");
    }

    [Fact]
    public async Task Fill_goes_on_when_its_client_has_read_some_and_gone()
    {
        using var bed = new CacheBed();
        Digest digest = await bed.PutAsync(TestContent.Bytes(Large));
        var gate = new TaskCompletionSource();
        bed.Store.Through = stream => new GatedStream(stream, gate.Task, 200_000);
        await using (ObjectContent? content = await bed.Content.OpenAsync(digest, null, CacheBed.Token))
        {
            Assert.NotEqual(0, await content!.Stream.ReadAsync(new byte[100], CacheBed.Token));
        }

        gate.SetResult();
        await bed.IsEntryAsync(digest);
    }

    [Fact]
    public async Task Fill_ends_when_its_client_has_gone_without_reading()
    {
        using var bed = new CacheBed();
        Digest digest = await bed.PutAsync(TestContent.Bytes(Large));
        bed.Store.Through = stream => new GatedStream(stream, new TaskCompletionSource().Task, 200_000);
        await using (await bed.Content.OpenAsync(digest, null, CacheBed.Token))
        {
            Assert.NotEmpty(bed.Filling);
        }

        await bed.IsQuietAsync();
        Assert.False(bed.Has(digest));
    }

    [Fact]
    public async Task What_is_there_is_given_while_the_store_is_away()
    {
        using var bed = new CacheBed();
        byte[] bytes = TestContent.Bytes(300_000);
        Digest digest = await bed.CacheAsync(bytes);
        bed.Store.Fail(StoreFailure.Unavailable, nameof(IObjectStore.OpenAsync), nameof(IObjectStore.StatAsync));
        Assert.Equal(bytes.Length, bed.Content.SizeOnNode(digest));
        Assert.Equal(bytes, await bed.ReadAsync(digest));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task File_that_is_gone_or_empty_is_fetched_again(bool isGone)
    {
        using var bed = new CacheBed();
        byte[] bytes = TestContent.Bytes(300_000);
        Digest digest = await bed.CacheAsync(bytes);
        File.Delete(bed.PathOf(digest));
        if (!isGone)
        {
            await File.WriteAllBytesAsync(bed.PathOf(digest), [], CacheBed.Token);
        }

        Assert.Equal(bytes, await bed.ReadAsync(digest));
        Assert.Equal(2, bed.Opened);
    }

    [Fact]
    public async Task File_that_is_cut_is_made_up_for_by_the_store_before_the_first_byte_and_fails_after_it()
    {
        using var bed = new CacheBed();
        byte[] bytes = TestContent.Bytes(300_000);
        Digest digest = await bed.CacheAsync(bytes);
        await using (ObjectContent? begun = await bed.Content.OpenAsync(digest, null, CacheBed.Token))
        await using (ObjectContent? waiting = await bed.Content.OpenAsync(digest, null, CacheBed.Token))
        {
            await begun!.Stream.ReadExactlyAsync(new byte[1000], CacheBed.Token);
            using (var file = new FileStream(bed.PathOf(digest), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                file.SetLength(0);
            }

            Assert.Equal(bytes, await CacheBed.ReadAsync(waiting!));
            await Assert.ThrowsAsync<StoreException>(() => CacheBed.ReadAsync(begun));
        }

        Assert.False(bed.Has(digest));
    }

    [Fact]
    public async Task Nothing_is_content_too_and_takes_no_file()
    {
        using var bed = new CacheBed();
        Digest digest = await bed.PutAsync([]);
        Assert.Empty(await bed.ReadAsync(digest));
        Assert.Empty(await bed.ReadAsync(digest));
        Assert.Equal(0, bed.Cache.Entries!.Index.Count);
    }

    private static async Task<long> ReadUntilCorruptAsync(CacheBed bed, Digest digest)
    {
        await using ObjectContent? content = await bed.Content.OpenAsync(digest, null, CacheBed.Token);
        long read = 0;
        await Assert.ThrowsAsync<CorruptContentException>(async () =>
        {
            byte[] buffer = new byte[100_000];
            while (await content!.Stream.ReadAsync(buffer, CacheBed.Token) is > 0 and var count)
            {
                read += count;
            }
        });
        return read;
    }

    private static async Task<byte[]?> TryReadAsync(CacheBed bed, Digest digest)
    {
        try
        {
            return await bed.ReadAsync(digest);
        }
        catch (StoreException)
        {
            return null;
        }
    }
}
