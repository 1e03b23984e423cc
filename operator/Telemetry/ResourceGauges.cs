using System.Diagnostics.Metrics;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Telemetry;

/// <summary>
/// What the resources' status says, as gauges. They are read from the copies of the resources whenever they are asked for: nothing is kept, so
/// a resource that is gone takes its series with it. Only the leader reports them, or each would be there once for every replica.
/// </summary>
internal sealed class ResourceGauges
{
    public const string Condition = "localregistry_condition";
    public const string Check = "localregistry_check";
    public const string Nodes = "localregistry_nodes";
    public const string LastValidated = "localregistry_last_validated_timestamp_seconds";
    public const string ValidationInterval = "localregistry_validation_interval_seconds";

    private static readonly ConditionStatus[] Statuses = [ConditionStatus.True, ConditionStatus.False, ConditionStatus.Unknown];

    private readonly Func<bool> _isLeader;
    private readonly Func<IEnumerable<V1Alpha1LocalRegistry>> _resources;

    /// <param name="metrics">Where the gauges belong.</param>
    /// <param name="isLeader">Whether this replica is the one that acts.</param>
    /// <param name="resources">All resources as they are known now.</param>
    public ResourceGauges(OperatorMetrics metrics, Func<bool> isLeader, Func<IEnumerable<V1Alpha1LocalRegistry>> resources)
    {
        (_isLeader, _resources) = (isLeader, resources);
        Meter meter = metrics.Meter;
        meter.CreateObservableGauge(Condition, () => Observed().SelectMany(Conditions), null, "1 for the status that a resource's condition has, 0 for those that it has not.");
        meter.CreateObservableGauge(Check, () => Observed().SelectMany(Checks), null, "1 for what a check last found. Checks that are off are not there.");
        meter.CreateObservableGauge(Nodes, () => Observed().SelectMany(NodeCounts), null, "Nodes that should have a registry (desired), have the current revision (updated), serve (ready).");
        meter.CreateObservableGauge(LastValidated, () => Observed().SelectMany(Validated), null, "When bucket and access were last asked about.");
        meter.CreateObservableGauge(ValidationInterval, () => Observed().SelectMany(Intervals), null, "How often they are to be asked about while all is well.");
    }

    /// <summary>The resources to tell of. Who is being deleted is no longer looked after, so what its status says is no longer so.</summary>
    public IEnumerable<V1Alpha1LocalRegistry> Observed() => _isLeader() ? _resources().Where(r => r.DeletionTimestamp() is null) : [];

    private static IEnumerable<Measurement<int>> Conditions(V1Alpha1LocalRegistry registry) =>
        from condition in registry.Status?.Conditions ?? []
        // Nobody wants to know of what was switched off.
        where condition.Reason != Reasons.ChecksOff
        from status in Statuses
        select new Measurement<int>(
            condition.Status == status ? 1 : 0, Of(registry, new("type", condition.Type), new("status", status.ToString())));

    private static IEnumerable<Measurement<int>> Checks(V1Alpha1LocalRegistry registry) =>
        from check in registry.Status?.Checks ?? []
        select new Measurement<int>(
            1, Of(registry, new("check", check.Name), new("severity", check.Severity.ToString()), new("outcome", check.Outcome.ToString())));

    private static IEnumerable<Measurement<int>> NodeCounts(V1Alpha1LocalRegistry registry) => registry.Status?.Nodes is not { } nodes
        ? []
        : [
            new(nodes.Desired, Of(registry, new KeyValuePair<string, object?>("state", "desired"))),
            new(nodes.Updated, Of(registry, new KeyValuePair<string, object?>("state", "updated"))),
            new(nodes.Ready, Of(registry, new KeyValuePair<string, object?>("state", "ready"))),
        ];

    // With every check switched off nothing is ever asked again, and how long ago it was tells nothing.
    private static IEnumerable<Measurement<double>> Validated(V1Alpha1LocalRegistry registry) => registry.Status is { LastValidated: { } at, Checks.Count: > 0 }
        ? [new((at.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds, Of(registry))]
        : [];

    private static IEnumerable<Measurement<double>> Intervals(V1Alpha1LocalRegistry registry) =>
        GoDuration.TryParse(registry.Spec.Validation.Interval, out TimeSpan interval) ? [new(interval.TotalSeconds, Of(registry))] : [];

    /// <summary>A series' labels: the resource's and more.</summary>
    public static KeyValuePair<string, object?>[] Of(V1Alpha1LocalRegistry registry, params ReadOnlySpan<KeyValuePair<string, object?>> more) =>
        [new("namespace", registry.Namespace()), new("name", registry.Name()), .. more];
}
