using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Cache;

/// <summary>A client's part in a fill: it keeps the fill's file open, and makes it wanted once it has read of it.</summary>
/// <param name="fill">The fill, which was joined; left with this.</param>
/// <param name="reader">What it reads.</param>
internal sealed class FillStream(Fill fill, GrowingFileReader reader) : ForwardStream
{
    private bool _hasRead;
    private bool _hasLeft;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_hasRead)
        {
            _hasRead = true;
            fill.Want();
        }

        return reader.ReadAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_hasLeft)
        {
            _hasLeft = true;
            reader.Dispose();
            fill.Leave();
        }

        base.Dispose(disposing);
    }
}
