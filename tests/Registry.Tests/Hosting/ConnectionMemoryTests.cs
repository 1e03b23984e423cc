using System.Buffers;
using LocalRegistry.Registry.Hosting;
using Xunit;

namespace LocalRegistry.Registry.Tests.Hosting;

public sealed class ConnectionMemoryTests
{
    private const int BlockSize = 64 * 1024;

    private readonly ConnectionMemory _memory = new();

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(BlockSize)]
    public void ABlockIsLargeHoweverLittleIsAskedFor(int asked)
    {
        using MemoryPool<byte> pool = _memory.Create();
        using IMemoryOwner<byte> block = pool.Rent(asked);

        Assert.Equal(BlockSize, pool.MaxBufferSize);
        Assert.Equal(BlockSize, block.Memory.Length);
    }

    [Fact]
    public void MoreThanABlockIsNotToBeHad()
    {
        using MemoryPool<byte> pool = _memory.Create();

        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(BlockSize + 1));
    }

    [Fact]
    public void WhatIsGivenBackIsGivenToTheNextOfAnyPool()
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
    public void ABlockThatIsGivenBackTwiceIsGivenToOneAlone()
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
