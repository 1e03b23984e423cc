using System.Buffers;
using LocalRegistry.Registry.Hosting;
using Xunit;

namespace LocalRegistry.Registry.Tests.Hosting;

public sealed class ConnectionMemoryTests
{
    private readonly ConnectionMemory _memory = new();

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(ConnectionMemory.SmallBlock)]
    [InlineData(ConnectionMemory.LargeBlock)]
    public void Block_is_large_however_little_is_asked_for(int asked)
    {
        using MemoryPool<byte> pool = _memory.Create();
        using IMemoryOwner<byte> block = pool.Rent(asked);

        Assert.Equal(ConnectionMemory.LargeBlock, pool.MaxBufferSize);
        Assert.Equal(ConnectionMemory.LargeBlock, block.Memory.Length);
    }

    [Fact]
    public void More_than_a_block_is_not_to_be_had()
    {
        using MemoryPool<byte> pool = _memory.Create();

        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(ConnectionMemory.LargeBlock + 1));
    }

    [Theory]
    [InlineData(-1, ConnectionMemory.SmallBlock)]
    [InlineData(ConnectionMemory.SmallBlock, ConnectionMemory.SmallBlock)]
    [InlineData(ConnectionMemory.LargeBlock, ConnectionMemory.LargeBlock)]
    public void Block_is_small_while_others_hold_as_many_large_ones_as_there_may_be(int asked, int expected)
    {
        using MemoryPool<byte> pool = _memory.Create();
        List<IMemoryOwner<byte>> large = [.. Enumerable.Range(0, ConnectionMemory.LargeBlocks).Select(_ => pool.Rent())];
        using (IMemoryOwner<byte> further = pool.Rent(asked))
        {
            Assert.All(large, b => Assert.Equal(ConnectionMemory.LargeBlock, b.Memory.Length));
            Assert.Equal(expected, further.Memory.Length);
        }

        large[0].Dispose();
        using IMemoryOwner<byte> again = pool.Rent();
        using IMemoryOwner<byte> beyond = pool.Rent();

        Assert.Equal((ConnectionMemory.LargeBlock, ConnectionMemory.SmallBlock), (again.Memory.Length, beyond.Memory.Length));
        large.ForEach(b => b.Dispose());
    }

    [Fact]
    public void Block_that_is_given_back_is_given_to_the_next_of_any_pool()
    {
        using MemoryPool<byte> first = _memory.Create();
        using MemoryPool<byte> second = _memory.Create();
        IMemoryOwner<byte> block = first.Rent();
        Memory<byte> given = block.Memory;
        block.Dispose();

        using IMemoryOwner<byte> next = second.Rent();

        Assert.True(given.Equals(next.Memory));
    }

    [Fact]
    public void Block_that_is_given_back_twice_is_given_to_one_alone()
    {
        using MemoryPool<byte> pool = _memory.Create();
        IMemoryOwner<byte> block = pool.Rent();
        block.Dispose();
        block.Dispose();

        using IMemoryOwner<byte> first = pool.Rent();
        using IMemoryOwner<byte> second = pool.Rent();

        Assert.False(first.Memory.Equals(second.Memory));
        Assert.Throws<ObjectDisposedException>(() => block.Memory);
    }
}
