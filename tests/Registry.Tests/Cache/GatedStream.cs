using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Tests.Cache;

/// <summary>A stream that gives so many bytes, and the rest when a gate opens.</summary>
internal sealed class GatedStream(Stream inner, Task gate, long before = 0) : ForwardStream
{
    private long _left = before;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0)
        {
            await gate.WaitAsync(cancellationToken);
            return await inner.ReadAsync(buffer, cancellationToken);
        }

        int read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
