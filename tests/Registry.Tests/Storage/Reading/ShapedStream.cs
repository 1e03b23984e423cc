using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Tests.Storage.Reading;

/// <summary>A stream with something before each read, which gives so many bytes at once at most.</summary>
internal sealed class ShapedStream(Stream inner, Func<CancellationToken, Task> before, int most = int.MaxValue, Action? disposed = null) : ForwardStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await before(cancellationToken);
        return await inner.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            disposed?.Invoke();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
