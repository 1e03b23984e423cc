using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace LocalRegistry.Registry.Hosting;

/// <summary>
/// The memory that connections are read into. The server's own comes in blocks of 4 KiB, and takes a call of the system to fill each: the body of an
/// upload costs a tenth less processor time in larger ones. There are only so many of these, so that thousands of connections which send little and slowly
/// take no more memory than they did.
/// </summary>
internal sealed class ConnectionMemory : IMemoryPoolFactory<byte>
{
    /// <summary>The size of a large block in bytes: 16 and 32 KiB took more processor time, 128 KiB as much.</summary>
    public const int LargeBlock = 64 * 1024;

    /// <summary>The size of a block in bytes while there are no more large ones, as the server's own.</summary>
    public const int SmallBlock = 4 * 1024;

    /// <summary>How many large blocks there may be at once: twice what 16 connections are read ahead.</summary>
    public const int LargeBlocks = 2 * Kept;

    /// <summary>How many blocks are kept for those who come next.</summary>
    private const int Kept = 16 * ServerLimits.ReadAhead / LargeBlock;

    // One for all pools, of which the server makes as many as there are processors.
    private readonly ArrayPool<byte> _arrays = ArrayPool<byte>.Create(LargeBlock, Kept);
    private int _large;

    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool(this);

    private Block Rent(int minimum)
    {
        bool isLarge = Interlocked.Increment(ref _large) <= LargeBlocks;
        if (!isLarge)
        {
            Interlocked.Decrement(ref _large);
        }

        return new Block(this, _arrays.Rent(isLarge ? LargeBlock : Math.Max(minimum, SmallBlock)), isLarge);
    }

    private void Return(byte[] array, bool isLarge)
    {
        _arrays.Return(array);
        if (isLarge)
        {
            Interlocked.Decrement(ref _large);
        }
    }

    private sealed class Pool(ConnectionMemory memory) : MemoryPool<byte>
    {
        public override int MaxBufferSize => LargeBlock;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, LargeBlock);
            return memory.Rent(minBufferSize);
        }

        // What it has given out goes back to the memory that all pools share, not to it.
        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class Block(ConnectionMemory memory, byte[] array, bool isLarge) : IMemoryOwner<byte>
    {
        private byte[]? _array = array;

        public Memory<byte> Memory => _array ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is { } returned)
            {
                memory.Return(returned, isLarge);
            }
        }
    }
}
