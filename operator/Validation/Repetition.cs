using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Validation;

/// <summary>When a check is made again: at the resource's interval once all holds, sooner while something stands in the way.</summary>
internal static class Repetition
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);

    /// <param name="uid">What is repeated.</param>
    /// <param name="last">When it was last done.</param>
    /// <param name="interval">How often it is done while all holds.</param>
    /// <param name="failures">How often in a row something stood in the way; 0 while all holds.</param>
    public static DateTimeOffset Due(string uid, DateTimeOffset last, TimeSpan interval, int failures) => failures == 0
        ? Jitter.Due(uid, last, interval)
        : last + Backoff.After(failures, FirstRetry, interval < LastRetry ? interval : LastRetry);
}
