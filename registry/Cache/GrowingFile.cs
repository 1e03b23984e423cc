using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Reading;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Cache;

/// <summary>
/// A file on the node's disk that takes an object's bytes in any order, and gives them to readers as they come. The last of them wait until it is
/// proven that all have the right digest.
/// </summary>
/// <param name="file">The file, as large as the object will be; owned.</param>
/// <param name="size">The object's bytes.</param>
internal sealed class GrowingFile(FileStream file, long size) : IRangeSink, IDisposable
{
    /// <summary>The object is fetched in blocks of so many bytes, or in several of them at once.</summary>
    public const int BlockSize = 4 * 1024 * 1024;

    /// <summary>So many blocks at once at most.</summary>
    private const int MostBlocks = 4;

    /// <summary>Into so many ranges an object is divided at least, if it has as many blocks: enough that all connections end at about the same time.</summary>
    private const int LeastRanges = RangeFetcher.MaximumWidth * 3 / 2;

    /// <summary>So many of the last bytes wait.</summary>
    private const int Withheld = 64 * 1024;

    /// <summary>A reader is not woken for fewer bytes, unless they are the last of a block or all that it may have.</summary>
    private const int Worthwhile = 128 * 1024;

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _handle = file.SafeFileHandle;
    private readonly int[] _written = new int[(size + BlockSize - 1) / BlockSize];
    private readonly bool[] _claimed = new bool[(size + BlockSize - 1) / BlockSize];
    private readonly List<GrowingFileReader> _readers = [];
    private int _lowest;
    private bool _isProven;
    private Exception? _failure;

    public string Path => file.Name;

    public SafeFileHandle Handle => _handle;

    public long Size => size;

    /// <summary>Whether all bytes are there and have the right digest.</summary>
    public bool IsProven
    {
        get
        {
            lock (_gate)
            {
                return _isProven;
            }
        }
    }

    /// <summary>Begins to read; what readers are at decides what is fetched next.</summary>
    /// <param name="range">What to read.</param>
    /// <param name="proves">Whether it may have all bytes, since it is what proves them.</param>
    public GrowingFileReader Read(ByteRange range, bool proves = false)
    {
        var reader = new GrowingFileReader(this, range, proves);
        lock (_gate)
        {
            _readers.Add(reader);
        }

        return reader;
    }

    public void End(GrowingFileReader reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
        }
    }

    public ValueTask<ByteRange?> NextAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            int most = Math.Clamp(_claimed.Length / LeastRanges, 1, MostBlocks);
            int block = Choose();
            if (block == _claimed.Length)
            {
                return ValueTask.FromResult<ByteRange?>(null);
            }

            _claimed[block] = true;
            int last = block;
            while (last + 1 < Math.Min(block + most, _claimed.Length) && !_claimed[last + 1])
            {
                _claimed[++last] = true;
            }

            return ValueTask.FromResult<ByteRange?>(new ByteRange((long)block * BlockSize, Math.Min((last + 1L) * BlockSize, size) - 1));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DiskFailureException">The disk does not take them.</exception>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            RandomAccess.Write(_handle, bytes.Span, offset);
        }
        catch (Exception e) when (CacheFolder.IsDiskFailure(e))
        {
            throw new DiskFailureException($"{Path} cannot be written: {e.Message}", e);
        }

        Arrived(offset, bytes.Length);
        return ValueTask.CompletedTask;
    }

    public void Complete(ByteRange range) => Arrived(range.First, range.Length);

    /// <summary>Says that all bytes are there and have the right digest.</summary>
    public void Prove()
    {
        lock (_gate)
        {
            _isProven = true;
            WakeAll();
        }
    }

    /// <summary>Says that there will be no more bytes. Whoever reads fails, unless all were proven before.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= _isProven ? null : failure;
            WakeAll();
        }
    }

    /// <summary>How many bytes a reader can have now; else something that ends when it is worth while to ask again.</summary>
    public (int Count, Task? Arrival) Ask(GrowingFileReader reader, int most)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw FillFailure.Again(_failure);
            }

            long count = Math.Min(Available(reader, most), most);
            return count > 0 ? ((int)count, null) : (0, reader.Wait());
        }
    }

    public void Dispose() => file.Dispose();

    private void Arrived(long offset, long count)
    {
        lock (_gate)
        {
            for (long at = offset; at < offset + count;)
            {
                int block = (int)(at / BlockSize);
                int begin = (int)(at % BlockSize);
                int end = (int)Math.Min(BlockSize, begin + offset + count - at);
                _written[block] = Math.Max(_written[block], end);
                at += end - begin;
            }

            foreach (GrowingFileReader reader in _readers)
            {
                if (reader.IsWaiting && Available(reader, Worthwhile) is var available && available > 0
                    && (available >= Worthwhile || IsFull(reader.Offset) || reader.Offset + available == Limit(reader)))
                {
                    reader.Wake();
                }
            }
        }
    }

    private long LengthOf(int block) => Math.Min(BlockSize, size - ((long)block * BlockSize));

    private bool IsFull(long position) => _written[(int)(position / BlockSize)] == LengthOf((int)(position / BlockSize));

    private long Limit(GrowingFileReader reader) => reader.Proves || _isProven ? reader.End : Math.Min(reader.End, size - Withheld);

    private long Available(GrowingFileReader reader, int enough)
    {
        long limit = Limit(reader);
        long end = reader.Offset;
        while (end < limit && end - reader.Offset < enough)
        {
            int block = (int)(end / BlockSize);
            end = Math.Max(end, ((long)block * BlockSize) + _written[block]);
            if (_written[block] < LengthOf(block))
            {
                break;
            }
        }

        return Math.Min(end, limit) - reader.Offset;
    }

    // The block that a reader gets to soonest, clients before what proves; else the first that nobody has taken.
    private int Choose()
    {
        int best = -1;
        int shortest = int.MaxValue;
        foreach (GrowingFileReader reader in _readers)
        {
            if (reader.Proves)
            {
                continue;
            }

            int at = (int)(reader.Offset / BlockSize);
            int block = at;
            long last = (reader.End - 1) / BlockSize;
            while (block <= last && _claimed[block])
            {
                block++;
            }

            if (block <= last && block - at < shortest)
            {
                (best, shortest) = (block, block - at);
            }
        }

        while (_lowest < _claimed.Length && _claimed[_lowest])
        {
            _lowest++;
        }

        return best < 0 ? _lowest : best;
    }

    private void WakeAll()
    {
        foreach (GrowingFileReader reader in _readers)
        {
            reader.Wake();
        }
    }
}
