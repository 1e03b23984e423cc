using System.Collections.Concurrent;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Reading;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage.Reading;

/// <summary>Wants an object in ranges of one size, and keeps its bytes.</summary>
internal sealed class RecordingSink(long first, int length, int rangeSize) : IRangeSink
{
    private readonly ConcurrentQueue<ByteRange> _wanted = new(Enumerable.Range(0, (length + rangeSize - 1) / rangeSize)
        .Select(i => new ByteRange(first + ((long)i * rangeSize), first + Math.Min(length, (i + 1L) * rangeSize) - 1)));

    private int _asking;
    private int _taken;

    /// <summary>The bytes.</summary>
    public byte[] Bytes { get; } = new byte[length];

    /// <summary>How many bytes came in all.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>The ranges that were completed.</summary>
    public ConcurrentQueue<ByteRange> Completed { get; } = new();

    /// <summary>Runs before each range is given.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public async ValueTask<ByteRange?> NextAsync(CancellationToken cancellationToken)
    {
        Assert.Equal(1, Interlocked.Increment(ref _asking));
        await Before(cancellationToken);
        Interlocked.Decrement(ref _asking);
        return _wanted.TryDequeue(out ByteRange next) ? next : null;
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Assert.DoesNotContain(Completed, r => r.First <= offset && offset <= r.Last);
        Interlocked.Add(ref _taken, bytes.Length);
        bytes.Span.CopyTo(Bytes.AsSpan((int)(offset - first)));
        return ValueTask.CompletedTask;
    }

    public void Complete(ByteRange range) => Completed.Enqueue(range);
}
