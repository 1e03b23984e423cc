using System.Text;
using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>
/// What the store said of links when it was asked last, or a manifest of them, as the node remembers it: the digest that each holds, by its key. It answers for a store that
/// is away, and for that alone; a store that refuses has answered.
/// </summary>
/// <param name="records">Where it lies.</param>
/// <param name="time">Says how long the store has been waited for.</param>
/// <param name="servesStale">Whether it may answer at all; if not, it is there for guesses.</param>
internal sealed class LinkRecords(INodeRecords records, TimeProvider time, bool servesStale = true)
{
    /// <summary>How long the store is waited for by those who have another answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly StoreOutage _outage = new(time);
    private long _changes;

    /// <summary>The digest that a link held when the store was asked last; null if that is not known.</summary>
    public Digest? Find(string link) =>
        records.Read(link) is { } value && Digest.TryParse(Encoding.ASCII.GetString(value), out Digest digest) ? digest : null;

    /// <summary>Asks the store for a link, and answers in its place if it is away.</summary>
    /// <param name="link">The link's key.</param>
    /// <param name="ask">Asks the store.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<LinkAnswer> AskAsync(string link, Func<CancellationToken, Task<Digest?>> ask, CancellationToken cancellationToken)
    {
        long changes = Volatile.Read(ref _changes);
        Digest? record = Find(link);
        bool mayBeStale = servesStale && record is not null;
        if (mayBeStale && !_outage.ShouldAsk())
        {
            return new LinkAnswer(record, IsStale: true);
        }

        using CancellationTokenSource? patience = mayBeStale ? new CancellationTokenSource(Patience, time) : null;
        using CancellationTokenSource? limit = patience is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            Digest? digest = await ask(limit?.Token ?? cancellationToken);
            _outage.Answered();
            Record(link, record, digest, changes);
            return new LinkAnswer(digest);
        }
        catch (StoreException e) when (e.Kind == StoreFailure.Unavailable)
        {
            _outage.Failed();
            if (!mayBeStale)
            {
                throw;
            }
        }
        catch (Exception e) when (e is StoreException or CorruptContentException)
        {
            // It has answered, if not as one would like.
            _outage.Answered();
            throw;
        }
        catch (OperationCanceledException) when (patience is { IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
        {
            _outage.Failed();
        }

        return new LinkAnswer(record, IsStale: true);
    }

    /// <summary>Records a link that the store was not asked for, since something else says what it holds.</summary>
    public void Vouch(string link, Digest digest) => Record(link, Find(link), digest, Volatile.Read(ref _changes));

    /// <summary>Forgets a link, after this process has written or removed it.</summary>
    public void Forget(string link)
    {
        Interlocked.Increment(ref _changes);
        records.Remove(link);
    }

    private void Record(string link, Digest? before, Digest? now, long changes)
    {
        if (before == now)
        {
            return;
        }

        if (now is null)
        {
            records.Remove(link);
            return;
        }

        records.Write(link, Encoding.ASCII.GetBytes(now.Value.ToString()));
        if (Volatile.Read(ref _changes) != changes)
        {
            // This process has changed a link meanwhile, perhaps this one, and the answer may be older than that.
            records.Remove(link);
        }
    }
}
