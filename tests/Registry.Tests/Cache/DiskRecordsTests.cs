using System.Text;
using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Cache;

public sealed class DiskRecordsTests
{
    [Fact]
    public void Value_is_there_until_it_is_replaced_or_removed_and_after_a_restart()
    {
        using var bed = new CacheBed();
        var records = new DiskRecords(bed.Cache, "s");
        Assert.Null(records.Read("tag a"));
        records.Write("tag a", "one"u8);
        records.Write("tag b", "other"u8);
        records.Write("tag a", "two"u8);
        bed.Restart();
        records = new DiskRecords(bed.Cache, "s");
        Assert.Equal("two", Encoding.UTF8.GetString(records.Read("tag a")!));
        Assert.Equal(2 * 4096, bed.Cache.Entries!.Index.Bytes);
        records.Remove("tag a");
        Assert.Null(records.Read("tag a"));
        Assert.Equal("other", Encoding.UTF8.GetString(records.Read("tag b")!));
    }

    [Fact]
    public void What_another_store_said_is_not_known_of_this_one()
    {
        using var bed = new CacheBed();
        new DiskRecords(bed.Cache, "region/one/").Write("tag", "value"u8);
        Assert.Null(new DiskRecords(bed.Cache, "region/other/").Read("tag"));
        Assert.NotNull(new DiskRecords(bed.Cache, "region/one/").Read("tag"));
    }

    [Fact]
    public async Task Content_that_is_a_records_key_is_another_entry()
    {
        using var bed = new CacheBed();
        var records = new DiskRecords(bed.Cache, "s");
        records.Write("key", "value"u8);
        Digest digest = await bed.CacheAsync("s key"u8.ToArray());
        Assert.Equal(2, bed.Cache.Entries!.Index.Count);
        records.Remove("key");
        Assert.True(bed.Has(digest));
    }

    [Fact]
    public void Value_of_another_key_or_of_none_is_no_value()
    {
        using var bed = new CacheBed();
        var records = new DiskRecords(bed.Cache, "s");
        records.Write("key", "value"u8);
        string file = Directory.GetFiles(Path.Combine(bed.Settings.Directory, "records"), "*", SearchOption.AllDirectories).Single();
        foreach (byte[] wrong in (byte[][])[[], [3], new byte[4096], [5, 0, .. "s kex"u8, 1], [255, 255, .. "s key"u8]])
        {
            File.WriteAllBytes(file, wrong);
            Assert.Null(records.Read("key"));
        }
    }

    [Fact]
    public void Without_room_there_are_none_and_what_was_there_is_not_given_any_more()
    {
        using var bed = new CacheBed();
        var records = new DiskRecords(bed.Cache, "s");
        records.Write("key", "old"u8);
        bed.Settings = bed.Settings with { Free = long.MaxValue / 2 };
        CacheEntries full = new(bed.Cache.Entries!.Folder, bed.Settings, bed.Time);
        full.Index.IsComplete = true;
        full.WriteRecord("s key", "new"u8);
        Assert.Null(records.Read("key"));
    }

    [Fact]
    public void Closed_cache_has_none()
    {
        using var bed = new CacheBed();
        using var closed = new DiskCache(bed.Store, new(bed.Store), bed.Settings, bed.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<DiskCache>.Instance);
        Assert.False(closed.Open());
        var records = new DiskRecords(closed, "s");
        records.Write("key", "value"u8);
        records.Remove("key");
        Assert.Null(records.Read("key"));
    }

    [Fact]
    public void Value_that_is_too_long_is_a_mistake_of_the_caller()
    {
        using var bed = new CacheBed();
        Assert.Throws<ArgumentOutOfRangeException>(() => new DiskRecords(bed.Cache, "s").Write("key", new byte[INodeRecords.MaximumLength + 1]));
    }
}
