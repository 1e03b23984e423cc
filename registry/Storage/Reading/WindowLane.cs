using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>
/// A range that is opened before its turn. Its first bytes are read ahead into buffers, as far as there are any and <see cref="Size"/> allows; the rest
/// comes straight from its connection when its turn has come.
/// </summary>
internal sealed class WindowLane : IAsyncDisposable
{
    /// <summary>How many bytes are read ahead at most.</summary>
    public const int Size = 3 * 1024 * 1024;

    private readonly Window _window;
    private readonly ConnectionBudget? _budget;
    private readonly CancellationTokenSource _ending = new();
    private readonly Queue<(byte[] Buffer, int Count)> _ahead = new();
    private readonly Task<Stream> _reading;
    private volatile bool _isItsTurn;
    private int _taken;

    /// <param name="window">What it has in common with others.</param>
    /// <param name="range">Which bytes it brings.</param>
    /// <param name="budget">What its connection was taken from, and is given back to; null if the object's own comes to an end for it.</param>
    public WindowLane(Window window, ByteRange range, ConnectionBudget? budget = null)
    {
        (_window, Range, _budget) = (window, range, budget);
        _reading = ReadAheadAsync();
    }

    /// <summary>Which bytes it brings.</summary>
    public ByteRange Range { get; }

    /// <summary>Stops the reading ahead; what it has is there from now on, and then <see cref="Stream"/>.</summary>
    public Task BeginTurnAsync(CancellationToken cancellationToken)
    {
        _isItsTurn = true;
        _window.Wake();
        return _reading.WaitAsync(cancellationToken);
    }

    /// <summary>What comes after the bytes that were read ahead; only in its turn.</summary>
    public Stream Stream => _reading.GetAwaiter().GetResult();

    /// <summary>Takes bytes that were read ahead; only in its turn.</summary>
    /// <returns>How many; 0 if there are none any more.</returns>
    public int Take(Span<byte> destination)
    {
        if (!_ahead.TryPeek(out (byte[] Buffer, int Count) next))
        {
            return 0;
        }

        int count = Math.Min(destination.Length, next.Count - _taken);
        next.Buffer.AsSpan(_taken, count).CopyTo(destination);
        _taken += count;
        if (_taken == next.Count)
        {
            _taken = 0;
            _ahead.Dequeue();
            _window.Return(next.Buffer);
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_ahead.TryDequeue(out (byte[] Buffer, int Count) next))
        {
            _window.Return(next.Buffer);
        }

        if (_reading.IsCompletedSuccessfully)
        {
            await Stream.DisposeAsync();
        }

        _budget?.Return();
        _ending.Dispose();
    }

    private async Task<Stream> ReadAheadAsync()
    {
        await Task.Yield();
        Stream stream = await _window.OpenAsync(Range, _ending.Token);
        try
        {
            long end = Range.First + Math.Min(Range.Length, Size);
            for (long at = Range.First; at < end;)
            {
                Task moved = _window.Moved;
                if (_isItsTurn)
                {
                    break;
                }

                if (_window.TryRent(at) is { } buffer)
                {
                    at += await FillAsync(stream, buffer, end - at);
                }
                else
                {
                    await moved.WaitAsync(_ending.Token);
                }
            }

            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task<int> FillAsync(Stream stream, byte[] buffer, long left)
    {
        int wanted = (int)Math.Min(buffer.Length, left);
        int count = 0;
        try
        {
            do
            {
                count += await _window.ReadAsync(stream, buffer.AsMemory(count, wanted - count), _ending.Token);
            }
            while (count < wanted && !_isItsTurn);

            return count;
        }
        finally
        {
            _ahead.Enqueue((buffer, count));
        }
    }
}
