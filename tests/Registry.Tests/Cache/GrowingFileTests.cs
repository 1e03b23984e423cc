using CsCheck;
using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Tests.Fuzzing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Cache;

public sealed class GrowingFileTests : IDisposable
{
    private const int Block = GrowingFile.BlockSize;

    private readonly string _root = Directory.CreateTempSubdirectory("growing-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Readers_get_their_ranges_whatever_order_the_bytes_come_in()
    {
        byte[] bytes = TestContent.Bytes((3 * Block) + 12_345);
        Gen<(int, int)> ranges = Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Int[0, bytes.Length - 1]);
        await Property.HoldsAsync(
            Gen.Select(ranges.Array[1, 6], Gen.Int[0, int.MaxValue], Gen.Int[10_000, 2 * Block]),
            async input =>
            {
                ((int, int)[] asked, int seed, int step) = input;
                using GrowingFile file = Create(bytes.Length);
                Task<byte[]>[] readers = [.. asked.Select(r => Task.Run(() => ReadAsync(file, new ByteRange(Math.Min(r.Item1, r.Item2), Math.Max(r.Item1, r.Item2)))))];
                await FillAsync(file, bytes, new Random(seed), step);
                file.Prove();
                foreach (((int one, int other), byte[] read) in asked.Zip(await Task.WhenAll(readers)))
                {
                    Assert.True(bytes.AsSpan(Math.Min(one, other), Math.Abs(one - other) + 1).SequenceEqual(read));
                }
            },
            15);
    }

    [Fact]
    public async Task Every_byte_is_asked_for_once()
    {
        using GrowingFile file = Create(200L * Block + 1);
        using GrowingFileReader reader = file.Read(new ByteRange(150L * Block, (200L * Block) - 1));
        var ranges = new List<ByteRange>();
        while (await file.NextAsync(CacheBed.Token) is { } range)
        {
            ranges.Add(range);
        }

        Assert.Equal(150L * Block, ranges[0].First);
        Assert.All(ranges, r => Assert.InRange(r.Length, 1, 4 * Block));
        Assert.Contains(ranges, r => r.Length == 4 * Block);
        long end = 0;
        foreach (ByteRange range in ranges.OrderBy(r => r.First))
        {
            Assert.Equal(end, range.First);
            end = range.Last + 1;
        }

        Assert.Equal(file.Size, end);
    }

    [Fact]
    public async Task What_a_reader_gets_to_soonest_comes_first()
    {
        using GrowingFile file = Create(10L * Block);
        using GrowingFileReader whole = file.Read(new ByteRange(0, (10L * Block) - 1));
        using GrowingFileReader part = file.Read(new ByteRange(7L * Block, (7L * Block) + 100));
        Assert.Equal(0, (await file.NextAsync(CacheBed.Token))!.Value.First);
        Assert.Equal(7L * Block, (await file.NextAsync(CacheBed.Token))!.Value.First);
        Assert.Equal(1L * Block, (await file.NextAsync(CacheBed.Token))!.Value.First);
    }

    [Fact]
    public async Task Last_bytes_wait_for_the_proof()
    {
        byte[] bytes = TestContent.Bytes(Block);
        using GrowingFile file = Create(bytes.Length);
        await file.WriteAsync(0, bytes, CacheBed.Token);
        using GrowingFileReader reader = file.Read(new ByteRange(0, bytes.Length - 1));
        byte[] read = new byte[bytes.Length];
        await reader.ReadExactlyAsync(read.AsMemory(0, bytes.Length - (64 * 1024)), CacheBed.Token);
        ValueTask<int> last = reader.ReadAsync(read.AsMemory(bytes.Length - (64 * 1024)), CacheBed.Token);
        Assert.False(last.IsCompleted);
        file.Prove();
        Assert.Equal(64 * 1024, await last);
        Assert.Equal(bytes, read);
    }

    [Fact]
    public async Task Failure_wakes_whoever_waits()
    {
        using GrowingFile file = Create(Block);
        using GrowingFileReader reader = file.Read(new ByteRange(0, Block - 1));
        Task<int> read = reader.ReadAsync(new byte[10], CacheBed.Token).AsTask();
        file.Fail(new DiskFailureException("gone", null));
        await Assert.ThrowsAsync<DiskFailureException>(() => read);
    }

    private static async Task<byte[]> ReadAsync(GrowingFile file, ByteRange range)
    {
        await using GrowingFileReader reader = file.Read(range);
        using var bytes = new MemoryStream();
        await reader.CopyToAsync(bytes, CacheBed.Token);
        return bytes.ToArray();
    }

    // Blocks in any order, several at a time.
    private static async Task FillAsync(GrowingFile file, byte[] bytes, Random random, int step)
    {
        int[] blocks = [.. Enumerable.Range(0, (bytes.Length + Block - 1) / Block)];
        random.Shuffle(blocks);
        int[] done = new int[blocks.Length];
        while (blocks.Any(b => done[b] < Length(b)))
        {
            int block = random.GetItems(blocks, 1)[0];
            int count = Math.Min(step, Length(block) - done[block]);
            await file.WriteAsync(((long)block * Block) + done[block], bytes.AsMemory((block * Block) + done[block], count), CacheBed.Token);
            done[block] += count;
        }

        int Length(int block) => Math.Min(Block, bytes.Length - (block * Block));
    }

    private GrowingFile Create(long size) => new(new FileStream(Path.Combine(_root, Guid.NewGuid().ToString("N")), FileMode.CreateNew, FileAccess.ReadWrite), size);
}
