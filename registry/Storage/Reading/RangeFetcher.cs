using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Reading;

/// <summary>
/// Fetches ranges of an object, several at once as far as that is faster, and those again that are much slower than others. One for the whole process:
/// what its fetches learn of the store and what they may take of the machine, they share.
/// </summary>
/// <param name="store">Where objects lie.</param>
/// <param name="time">The clock; null for the system's.</param>
internal sealed class RangeFetcher(IObjectStore store, TimeProvider? time = null)
{
    /// <summary>Over how many connections one object is read at most.</summary>
    public const int MaximumWidth = 8;

    /// <summary>How many connections all fetches together have at most, unless there are more fetches.</summary>
    private const int Connections = 32;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConnectionBudget _connections = new(Connections);
    private readonly ReadPace _pace = new();
    private readonly HedgeBudget _hedges = new();
    private int _lastWidth = 1;

    /// <summary>
    /// Fetches what a sink wants until it wants no more. The first failure ends all of it. What is there of a range that was not completed is
    /// for the sink to forget.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="sink">Who wants it.</param>
    /// <param name="begun">The answer of the store that told how large the object is, which brings all of it; null if there is none. Owned.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    /// <exception cref="StoreException">The store failed, or has no such object.</exception>
    public async Task FetchAsync(string key, IRangeSink sink, ObjectContent? begun, CancellationToken cancellationToken)
    {
        // What helped the last fetch will help this one, but the store may have more to do now.
        var width = new AdaptiveWidth(Math.Max(1, Volatile.Read(ref _lastWidth) / 2), MaximumWidth, _time);
        using var fetch = new RangedFetch(store, key, sink, width, _pace, _hedges, _connections, _time, cancellationToken);
        _connections.Take();
        try
        {
            await fetch.RunAsync(begun);
        }
        finally
        {
            _connections.Return();
            Volatile.Write(ref _lastWidth, width.Width);
        }
    }
}
