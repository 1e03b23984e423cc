using LocalRegistry.Operator.Runtime;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>
/// When nodes are proven. A node that pulls through its registry seldom ceases to, and each proof is a pod: in a cluster of a thousand nodes one an
/// hour for each is one every few seconds.
/// </summary>
/// <param name="Interval">How often a node is proven while all is well.</param>
/// <param name="LastRetry">The longest time between proofs of one that is not known to pull through its registry.</param>
internal readonly record struct ProofSchedule(TimeSpan Interval, TimeSpan LastRetry)
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(10);

    /// <summary>How long a node may be without a proof before that is told of it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>After how long what a proof found says nothing any more: as the alert over the metrics has it, three intervals, and a quarter of an hour for what a proof itself takes.</summary>
    public TimeSpan StaleAfter => (3 * Interval) + TimeSpan.FromMinutes(15);

    /// <param name="validation">The resource's <c>spec.validation.interval</c>.</param>
    public static ProofSchedule Of(string validation)
    {
        TimeSpan interval = GoDuration.TryParse(validation, out TimeSpan given) ? given : LongestRetry;
        return new ProofSchedule(interval > ShortestInterval ? interval : ShortestInterval, interval < LongestRetry ? interval : LongestRetry);
    }

    /// <summary>When a node is to be proven again.</summary>
    /// <param name="uid">The uid of its node-configuration pod.</param>
    /// <param name="last">When it was last.</param>
    /// <param name="failures">How many proofs in a row have not found that all is well.</param>
    public DateTimeOffset Next(string uid, DateTimeOffset last, int failures) =>
        failures == 0 ? Jitter.Due(uid, last, Interval) : last + Backoff.After(failures, FirstRetry, LastRetry);
}
