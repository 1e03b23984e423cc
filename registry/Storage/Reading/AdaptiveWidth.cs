namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>
/// Over how many connections an object is read. Twice as many are tried when it is hardly anything but the store that is waited for, and four where
/// there was one; they stay if they bring a third more bytes a second than before, and else the new ones go and the next try comes after a pause, which
/// doubles each time that it was in vain. When it is not the store that is waited for any more, but the client or the processor, half of them go.
/// </summary>
/// <param name="initial">The width to begin with.</param>
/// <param name="maximum">The largest width.</param>
/// <param name="time">The clock.</param>
internal sealed class AdaptiveWidth(int initial, int maximum, TimeProvider time)
{
    /// <summary>How long a width is looked at before it is judged.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>What a connection brings, in bytes a second, that more of them cannot help: no store's single connection is that fast over a network.</summary>
    private const double Enough = 256 * 1024 * 1024;

    private const double Gain = 4.0 / 3;

    /// <summary>For which part of its time a connection must wait for more of them to be worth a try.</summary>
    private const double Waiting = 0.75;

    /// <summary>
    /// The step from one: each of several waits anew for the first byte of every range, so that two of them may bring hardly more than one that goes on.
    /// </summary>
    private const int Several = 4;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(16);

    private readonly Lock _lock = new();
    private long _stepBegan = time.GetTimestamp();
    private long _counted = time.GetTimestamp();
    private int _waiting;
    private double _waited;
    private long _bytes;
    private int _width = initial;
    private (int Width, double Rate)? _narrower;
    private bool _isSettling;
    private TimeSpan _pause = ShortestPause;
    private long _pauseBegan;
    private bool _isPausing;

    /// <summary>How many connections there should be.</summary>
    public int Width => Volatile.Read(ref _width);

    /// <summary>Says that a connection waits for the store from now on.</summary>
    public void BeginWait()
    {
        lock (_lock)
        {
            Count();
            _waiting++;
        }
    }

    /// <summary>Says that a connection waits no more, and how many bytes came.</summary>
    public void EndWait(int bytes)
    {
        lock (_lock)
        {
            Count();
            _waiting--;
            _bytes += bytes;
        }
    }

    /// <summary>Judges the width if a step is over. Costs next to nothing if none is.</summary>
    /// <returns>How many connections there should be.</returns>
    public int Next()
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            TimeSpan elapsed = time.GetElapsedTime(_stepBegan, now);
            if (elapsed < Step)
            {
                return _width;
            }

            Count();
            double rate = _bytes / elapsed.TotalSeconds;
            double waiting = _waited / elapsed.TotalSeconds;
            (_bytes, _waited, _stepBegan) = (0, 0, now);
            if (_isSettling)
            {
                // New connections have not brought anything for a part of this step.
                _isSettling = false;
                return _width;
            }

            Judge(rate, waiting, now);
            return _width;
        }
    }

    private void Judge(double rate, double waiting, long now)
    {
        if (_narrower is { } before)
        {
            _narrower = null;
            if (rate < before.Rate * Gain)
            {
                _width = before.Width;
                (_isPausing, _pauseBegan) = (true, now);
                return;
            }

            _pause = ShortestPause;
        }

        if (waiting < _width / 4.0)
        {
            _width = Math.Max(1, _width / 2);
        }
        else if (waiting >= _width * Waiting && _width < maximum && rate / _width < Enough && MayTry(now))
        {
            _narrower = (_width, rate);
            _width = Math.Min(maximum, _width == 1 ? Several : _width * 2);
            _isSettling = true;
        }
    }

    private bool MayTry(long now)
    {
        if (!_isPausing)
        {
            return true;
        }

        if (time.GetElapsedTime(_pauseBegan, now) < _pause)
        {
            return false;
        }

        _isPausing = false;
        _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
        return true;
    }

    // Sums up how long connections have waited, in seconds of one connection.
    private void Count()
    {
        long now = time.GetTimestamp();
        _waited += _waiting * time.GetElapsedTime(_counted, now).TotalSeconds;
        _counted = now;
    }
}
