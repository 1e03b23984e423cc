using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Cache;

/// <summary>What the cache holds in memory. No other test runs beside these.</summary>
[CollectionDefinition(nameof(CacheMemoryTests), DisableParallelization = true)]
[Collection(nameof(CacheMemoryTests))]
public sealed class CacheMemoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cache-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_hundred_thousand_entries_are_found_and_take_less_than_ten_megabytes()
    {
        const int Entries = 100_000;
        using CacheFolder? folder = CacheFolder.Open(_root, out _);
        for (int i = 0; i < Entries; i++)
        {
            string path = folder!.PathOf(Digest.Of(DigestAlgorithm.Sha256, BitConverter.GetBytes(i)));
            if (i < 4096)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            }

            File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write).Dispose();
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new CacheIndex();
        long started = TimeProvider.System.GetTimestamp();
        folder!.Enumerate(index);
        TimeSpan taken = TimeProvider.System.GetElapsedTime(started);
        long memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"{taken.TotalMilliseconds:0} ms, {memory} bytes");
        Assert.Equal(Entries, index.Count);
        Assert.InRange(memory, 0, 10_000_000);
        GC.KeepAlive(index);
    }

    [Fact]
    public async Task Reader_that_does_not_read_holds_no_bytes_and_keeps_nobody_waiting()
    {
        const int Block = GrowingFile.BlockSize;
        byte[] bytes = TestContent.Bytes(8 * Block);
        using var file = new GrowingFile(new FileStream(Path.Combine(_root, "file"), FileMode.CreateNew, FileAccess.ReadWrite), bytes.Length);
        GrowingFileReader[] slow = [.. Enumerable.Range(0, 100).Select(_ => file.Read(new ByteRange(0, bytes.Length - 1)))];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < bytes.Length; i += Block)
        {
            await file.WriteAsync(i, bytes.AsMemory(i, Block), CacheBed.Token);
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1024 * 1024);
        file.Prove();
        byte[] read = new byte[bytes.Length];
        await using (GrowingFileReader fast = file.Read(new ByteRange(0, bytes.Length - 1)))
        {
            await fast.ReadExactlyAsync(read, CacheBed.Token);
        }

        Assert.True(bytes.AsSpan().SequenceEqual(read));
        byte[] first = new byte[100];
        foreach (GrowingFileReader reader in slow)
        {
            await reader.ReadExactlyAsync(first, CacheBed.Token);
            Assert.Equal(bytes[..100], first);
            await reader.DisposeAsync();
        }
    }
}
