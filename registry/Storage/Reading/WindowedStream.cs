using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>
/// The bytes of a large object. They come straight over the connection that it was opened with; if that is what is waited for, then over several: each
/// after the first has a range of its own, whose bytes are read ahead while those before are sent.
/// </summary>
internal sealed class WindowedStream : ForwardStream
{
    /// <summary>How many bytes must be left for more than one connection to be worth it.</summary>
    public const long Worth = 8 * 1024 * 1024;

    private readonly Window _window;
    private readonly WindowBuffers _buffers;
    private readonly AdaptiveWidth _width;
    private readonly Queue<WindowLane> _lanes = new();
    private readonly long _end;
    private Stream? _first;
    private WindowLane? _current;
    private long _currentEnd;
    private long _opened;
    private long _position;
    private int _lastWidth = 1;
    private bool _isClosed;

    /// <param name="first">The bytes as they come over the first connection.</param>
    /// <param name="offset">The offset in the object of its first byte.</param>
    /// <param name="length">How many there must be.</param>
    /// <param name="open">Opens a range of the very same object.</param>
    /// <param name="buffers">Where bytes are kept that are read ahead.</param>
    /// <param name="time">The clock.</param>
    public WindowedStream(
        Stream first, long offset, long length, Func<ByteRange, CancellationToken, Task<Stream>> open, WindowBuffers buffers, TimeProvider time)
    {
        _width = new AdaptiveWidth(1, RangeFetcher.MaximumWidth, time);
        _window = new Window(open, buffers, _width);
        (_first, _buffers) = (first, buffers);
        _position = offset;
        _end = _currentEnd = _opened = offset + length;
        _buffers.Connections.Take();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _end || buffer.Length == 0)
        {
            return 0;
        }

        if (_position == _currentEnd)
        {
            await TurnAsync(cancellationToken);
        }

        buffer = buffer[..(int)Math.Min(buffer.Length, _currentEnd - _position)];
        int read = _current?.Take(buffer.Span) ?? 0;
        if (read == 0)
        {
            read = await _window.ReadAsync(_first ?? _current!.Stream, buffer, cancellationToken);
        }

        _position += read;
        Widen();
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // What reads ahead ends by itself once it is told to.
            _ = CloseAsync();
        }

        base.Dispose(disposing);
    }

    private async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
        {
            return;
        }

        _buffers.Connections.Return();
        while (_lanes.TryDequeue(out WindowLane? lane))
        {
            await lane.DisposeAsync();
        }

        await CloseCurrentAsync();
    }

    private async ValueTask TurnAsync(CancellationToken cancellationToken)
    {
        await CloseCurrentAsync();
        await _lanes.Peek().BeginTurnAsync(cancellationToken);
        _current = _lanes.Dequeue();
        EndCurrentAt(_current.Range.Last + 1);
        Widen();
    }

    private void EndCurrentAt(long end)
    {
        _currentEnd = end;
        _window.MoveTo(end);
    }

    private async ValueTask CloseCurrentAsync()
    {
        if (_first is { } first)
        {
            _first = null;
            await first.DisposeAsync();
        }

        if (_current is { } current)
        {
            _current = null;
            await current.DisposeAsync();
        }
    }

    // Opens what should be open by now. The last that is open goes to the end if there should be no more than it and the one whose turn it is.
    private void Widen()
    {
        int width = _width.Next();
        if (width > 1 && _opened == _end && _lanes.Count == 0 && _end - _position >= Worth && _buffers.Left > 0)
        {
            EndCurrentAt(_position + (WindowLane.Size / width));
            _opened = _currentEnd;
        }

        // Those that are new end one after the other, and so do those that follow them: otherwise all would be full when the first is sent, which takes
        // twice the room, and all would wait for their first bytes at once.
        int added = Math.Max(1, width - _lastWidth);
        _lastWidth = width;
        for (int n = 1; _opened < _end && (_lanes.Count == 0 || (_lanes.Count + 1 < width && _buffers.Left > 0)); n++)
        {
            bool isSpare = _lanes.Count > 0;
            if (isSpare && !_buffers.Connections.TryTake())
            {
                return;
            }

            int size = n < added ? WindowLane.Size * n / added : WindowLane.Size;
            long end = width == 1 || _end - _opened < size * 3L / 2 ? _end : _opened + size;
            _lanes.Enqueue(new WindowLane(_window, new ByteRange(_opened, end - 1), isSpare ? _buffers.Connections : null));
            _opened = end;
        }
    }
}
