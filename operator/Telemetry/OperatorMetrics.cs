using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LocalRegistry.Operator.Aws.Calls;

namespace LocalRegistry.Operator.Telemetry;

/// <summary>
/// What every replica counts of itself. The names are those that Prometheus sees, unit and <c>_total</c> included; docs/operations.md
/// describes each.
/// </summary>
internal sealed class OperatorMetrics : IAwsCallCounter, IDisposable
{
    public const string MeterName = "LocalRegistry.Operator";

    public const string Leader = "localregistry_leader";
    public const string Reconciliations = "localregistry_reconciliations_total";
    public const string ReconciliationDuration = "localregistry_reconciliation_duration_seconds";
    public const string WorkQueueDepth = "localregistry_workqueue_depth";
    public const string AwsRequests = "localregistry_aws_requests_total";
    public const string AwsThrottled = "localregistry_aws_requests_throttled_total";

    // A reconciliation that has nothing to ask is over in milliseconds; one whose store swallows packets takes until its calls' deadlines.
    private static readonly double[] DurationBuckets = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 5, 10, 30, 60];

    private readonly Counter<long> _reconciliations;
    private readonly Histogram<double> _reconciliationDuration;
    private readonly Counter<long> _awsRequests;
    private readonly ConcurrentDictionary<string, Func<int>> _queues = new();
    private long _throttledByAws;
    private long _throttledByOperator;

    public OperatorMetrics()
    {
        _reconciliations = Meter.CreateCounter<long>(Reconciliations, null, "Reconciliations by controller and how they ended: success, failure (tried again) or exception (tried again).");
        _reconciliationDuration = Meter.CreateHistogram(
            ReconciliationDuration, null, "How long a reconciliation takes, its calls included.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets });
        _awsRequests = Meter.CreateCounter<long>(
            AwsRequests, null, "Requests to AWS, retries and calls for credentials included, by service, operation and the status of the answer.");
        // One gauge for all: of several with one name, only the first is exported.
        Meter.CreateObservableGauge(
            WorkQueueDepth, () => _queues.Select(q => new Measurement<int>(q.Value(), Of(q.Key))), null, "Resources that wait to be reconciled, by controller.");
        // Observed, so that both are there before anything happens: a first increase is seen only by what was there at zero.
        Meter.CreateObservableCounter(
            AwsThrottled, Throttled, null, "Requests that AWS answered with a call to slow down (by aws), or that the operator's own limit held back for too long (by operator).");
    }

    /// <summary>Where all instruments belong.</summary>
    public Meter Meter { get; } = new(MeterName);

    /// <summary>Counts a reconciliation.</summary>
    /// <param name="controller">Whose.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="duration">How long it took.</param>
    public void Reconciled(string controller, ReconciliationOutcome outcome, TimeSpan duration)
    {
        KeyValuePair<string, object?> of = Of(controller);
        _reconciliations.Add(1, of, new("result", Name(outcome)));
        _reconciliationDuration.Record(duration.TotalSeconds, of);
    }

    /// <summary>Reports whether this replica is the one that acts.</summary>
    public void ObserveLeader(Func<bool> isLeader) =>
        Meter.CreateObservableGauge(Leader, () => isLeader() ? 1 : 0, null, "1 on the replica that acts, 0 on those that wait.");

    /// <summary>Reports how many resources wait to be reconciled by a controller.</summary>
    public void ObserveWorkQueue(string controller, Func<int> depth) => _queues[controller] = depth;

    public void Asked(AwsOperation operation, string code) => _awsRequests.Add(
        1, new KeyValuePair<string, object?>("service", operation.Service), new("operation", operation.Name), new("code", code));

    public void ThrottledByAws() => Interlocked.Increment(ref _throttledByAws);

    public void ThrottledByOperator() => Interlocked.Increment(ref _throttledByOperator);

    public void Dispose() => Meter.Dispose();

    private static KeyValuePair<string, object?> Of(string controller) => new("controller", controller);

    private IEnumerable<Measurement<long>> Throttled() =>
    [
        new(Interlocked.Read(ref _throttledByAws), new KeyValuePair<string, object?>("by", "aws")),
        new(Interlocked.Read(ref _throttledByOperator), new KeyValuePair<string, object?>("by", "operator")),
    ];

    private static string Name(ReconciliationOutcome outcome) => outcome switch
    {
        ReconciliationOutcome.Success => "success",
        ReconciliationOutcome.Failure => "failure",
        _ => "exception",
    };
}
