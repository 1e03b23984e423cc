using CsCheck;
using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Tests.Fuzzing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Cache;

public sealed class CacheSpaceTests
{
    [Fact]
    public async Task What_was_not_used_for_the_longest_time_goes_first()
    {
        using var bed = new CacheBed(size: 3 * 400_000);
        Digest first = await bed.CacheAsync(TestContent.Bytes(390_000, 1));
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        Digest second = await bed.CacheAsync(TestContent.Bytes(390_000, 2));
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        Digest third = await bed.CacheAsync(TestContent.Bytes(390_000, 3));
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(390_000, (await bed.ReadAsync(first)).Length);
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        Digest fourth = await bed.CacheAsync(TestContent.Bytes(390_000, 4));

        Assert.Equal((true, false, true, true), (bed.Has(first), bed.Has(second), bed.Has(third), bed.Has(fourth)));
    }

    [Fact]
    public async Task Entry_that_goes_while_it_is_read_is_read_to_its_end()
    {
        using var bed = new CacheBed(size: 500_000);
        byte[] bytes = TestContent.Bytes(400_000, 1);
        Digest first = await bed.CacheAsync(bytes);
        await using var content = await bed.Content.OpenAsync(first, null, CacheBed.Token);
        await bed.CacheAsync(TestContent.Bytes(400_000, 2));
        Assert.False(File.Exists(bed.PathOf(first)));
        Assert.Equal(bytes, await CacheBed.ReadAsync(content!));
    }

    [Fact]
    public async Task Last_use_is_known_after_a_restart()
    {
        using var bed = new CacheBed(size: 3 * 400_000);
        Digest first = await bed.CacheAsync(TestContent.Bytes(390_000, 1));
        bed.Time.Advance(TimeSpan.FromMinutes(2));
        Digest second = await bed.CacheAsync(TestContent.Bytes(390_000, 2));
        bed.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(390_000, (await bed.ReadAsync(first)).Length);
        bed.Restart();
        Assert.Equal(2, bed.Cache.Entries!.Index.Count);
        Assert.Equal(2 * 393_216, bed.Cache.Entries.Index.Bytes);
        bed.Time.Advance(TimeSpan.FromMinutes(2));
        await bed.CacheAsync(TestContent.Bytes(700_000, 3));
        Assert.Equal((true, false), (bed.Has(first), bed.Has(second)));
    }

    [Fact]
    public async Task Cache_that_is_to_be_smaller_than_it_was_is_made_so()
    {
        using var bed = new CacheBed(size: 2_000_000);
        for (int i = 0; i < 4; i++)
        {
            await bed.CacheAsync(TestContent.Bytes(390_000, i));
            bed.Time.Advance(TimeSpan.FromSeconds(1));
        }

        bed.Settings = bed.Settings with { Size = 800_000 };
        bed.Restart();
        Assert.Equal(2, bed.Cache.Entries!.Index.Count);
    }

    [Fact]
    public async Task What_is_larger_than_the_cache_comes_from_the_store_and_leaves_the_rest_alone()
    {
        using var bed = new CacheBed(size: 1_000_000);
        Digest kept = await bed.CacheAsync(TestContent.Bytes(400_000, 1));
        byte[] bytes = TestContent.Bytes(5_000_000, 2);
        Digest digest = await bed.PutAsync(bytes);
        int opened = bed.Opened;
        await using var content = await bed.Content.OpenAsync(digest, null, CacheBed.Token);
        Assert.False(content!.IsVerified);
        Assert.Equal(opened + 1, bed.Opened);
        byte[] read = new byte[bytes.Length];
        await content.Stream.ReadExactlyAsync(read, CacheBed.Token);
        Assert.Equal(bytes, read);
        Assert.Equal((true, false), (bed.Has(kept), bed.Has(digest)));
    }

    [Fact]
    public async Task File_system_keeps_its_free_bytes_and_content_comes_from_the_store()
    {
        using var bed = new CacheBed(free: long.MaxValue / 2);
        byte[] large = TestContent.Bytes(5_000_000, 1);
        Digest digest = await bed.PutAsync(large);
        for (int i = 0; i < 2; i++)
        {
            await using var content = await bed.Content.OpenAsync(digest, null, CacheBed.Token);
            byte[] read = new byte[large.Length];
            await content!.Stream.ReadExactlyAsync(read, CacheBed.Token);
            Assert.Equal(large, read);
        }

        Assert.Equal(0, bed.Cache.Entries!.Index.Count);
    }

    [Fact]
    public async Task Entries_go_when_others_take_the_disk()
    {
        using var bed = new CacheBed();
        Digest digest = await bed.CacheAsync(TestContent.Bytes(400_000));
        var full = new CacheSpace(bed.Cache.Entries!.Folder, bed.Cache.Entries.Index, bed.Settings with { Free = long.MaxValue / 2 }, null);
        full.Restore();
        Assert.False(bed.Has(digest));
        Assert.Equal(0, bed.Cache.Entries.Index.Bytes);
    }

    [Fact]
    public async Task Cache_never_takes_more_than_its_size()
    {
        await Property.HoldsAsync(Gen.Int[1, 900_000].Array[5, 25], async sizes =>
        {
            using var bed = new CacheBed(size: 1_500_000);
            int seed = 0;
            foreach (int size in sizes)
            {
                Digest digest = await bed.PutAsync(TestContent.Bytes(size, seed++));
                await using var content = await bed.Content.OpenAsync(digest, null, CacheBed.Token);
                byte[] read = new byte[size];
                await content!.Stream.ReadExactlyAsync(read, CacheBed.Token);

                // Files move while they are counted.
                await bed.IsQuietAsync();
                long onDisk = new DirectoryInfo(bed.Settings.Directory).EnumerateFiles("*", SearchOption.AllDirectories)
                    .Where(f => f.Directory!.Name != "cache").Sum(f => CacheIndex.OnDisk(f.Length));
                Assert.InRange(onDisk, 0, 1_500_000);
            }

            long counted = bed.Cache.Entries!.Index.Bytes;
            bed.Restart();
            Assert.Equal(counted, bed.Cache.Entries.Index.Bytes);
        }, 10);
    }
}
