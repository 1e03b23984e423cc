using System.Net;
using System.Net.Http.Headers;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>A response's body whose reading fails with an <see cref="IOException"/> when nothing comes any more.</summary>
internal sealed class WatchedResponseContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly TimeSpan _stall;

    /// <param name="inner">The body; disposed with this one.</param>
    /// <param name="stall">How long one read may take.</param>
    public WatchedResponseContent(HttpContent inner, TimeSpan stall)
    {
        (_inner, _stall) = (inner, stall);
        foreach (KeyValuePair<string, HeaderStringValues> header in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new WatchedStream(await _inner.ReadAsStreamAsync(cancellationToken), _stall);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using Stream source = await CreateContentReadStreamAsync(cancellationToken);
        await source.CopyToAsync(stream, cancellationToken);
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

    private sealed class WatchedStream(Stream source, TimeSpan stall) : ForwardStream
    {
        private CancellationTokenSource? _patience;
        private CancellationToken _caller;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            CancellationTokenSource patience = PatienceOf(cancellationToken);
            patience.CancelAfter(stall);
            try
            {
                return await source.ReadAsync(buffer, patience.Token);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException($"nothing came for {stall.TotalSeconds} s", e);
            }
            finally
            {
                // However long the caller takes until the next read.
                patience.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }

        // One for all reads, as long as their callers' token is the same: there are thousands a second.
        private CancellationTokenSource PatienceOf(CancellationToken caller)
        {
            if (_patience is null || caller != _caller)
            {
                _patience?.Dispose();
                _patience = CancellationTokenSource.CreateLinkedTokenSource(caller);
                _caller = caller;
            }

            return _patience;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _patience?.Dispose();
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
