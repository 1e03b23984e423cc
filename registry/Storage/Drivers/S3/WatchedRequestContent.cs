using System.Net;
using System.Net.Http.Headers;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>A request's body that tells how it gets on.</summary>
internal sealed class WatchedRequestContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Action _moved;
    private readonly Action _sent;

    /// <param name="inner">The body; disposed with this one.</param>
    /// <param name="moved">Is called each time that some bytes have gone.</param>
    /// <param name="sent">Is called when all have.</param>
    public WatchedRequestContent(HttpContent inner, Action moved, Action sent)
    {
        (_inner, _moved, _sent) = (inner, moved, sent);
        foreach (KeyValuePair<string, HeaderStringValues> header in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await _inner.CopyToAsync(new WatchedStream(stream, _moved), context, cancellationToken);
        _sent();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>What the body is written to. It gets slices, for one write of a whole part would say nothing for as long as it takes.</summary>
    private sealed class WatchedStream(Stream target, Action moved) : Stream
    {
        private const int Slice = 64 * 1024;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (int start = 0; start < buffer.Length; start += Slice)
            {
                await target.WriteAsync(buffer.Slice(start, Math.Min(Slice, buffer.Length - start)), cancellationToken);
                moved();
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

        public override void Flush() => target.Flush();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
