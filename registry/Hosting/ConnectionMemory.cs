using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace LocalRegistry.Registry.Hosting;

/// <summary>
/// The memory that connections are read into. The server's own comes in blocks of 4 KiB, and takes a call of the system to fill each: the body of an
/// upload costs a tenth less processor time in these. A connection holds a block only while it has bytes in it.
/// </summary>
internal sealed class ConnectionMemory : IMemoryPoolFactory<byte>
{
    /// <summary>The size of a block in bytes: 16 and 32 KiB took more processor time, 128 KiB as much.</summary>
    private const int BlockSize = 64 * 1024;

    /// <summary>How many blocks are kept for those who come next: what 16 connections are read ahead.</summary>
    private const int Kept = 16 * ServerLimits.ReadAhead / BlockSize;

    // One for all pools, of which the server makes as many as there are processors.
    private readonly ArrayPool<byte> _arrays = ArrayPool<byte>.Create(BlockSize, Kept);

    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool(_arrays);

    private sealed class Pool(ArrayPool<byte> arrays) : MemoryPool<byte>
    {
        public override int MaxBufferSize => BlockSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
            return new Block(arrays, arrays.Rent(BlockSize));
        }

        // What it has given out goes back to the arrays, not to it.
        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class Block(ArrayPool<byte> arrays, byte[] array) : IMemoryOwner<byte>
    {
        private byte[]? _array = array;

        public Memory<byte> Memory => _array ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is { } returned)
            {
                arrays.Return(returned);
            }
        }
    }
}
