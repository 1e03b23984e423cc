namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>A stream that breaks off after some bytes, as a connection that is reset.</summary>
/// <param name="inner">Where the bytes come from.</param>
/// <param name="length">How many come before it breaks.</param>
internal sealed class BreakingStream(Stream inner, int length) : Stream
{
    private int _left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_left == 0)
        {
            throw new IOException("connection reset");
        }

        int read = inner.Read(buffer, offset, Math.Min(count, _left));
        _left -= read;
        return read;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
