using System.Diagnostics.Metrics;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Telemetry;

/// <summary>
/// How the nodes pull through their registries, as gauges, read from the proofs on the node-configuration pods whenever they are asked for. As with
/// <see cref="ResourceGauges"/>, only the leader reports them.
/// </summary>
internal sealed class MirrorGauges
{
    public const string Nodes = "localregistry_mirror_nodes";
    public const string ProofInterval = "localregistry_mirror_proof_interval_seconds";
    public const string LastRequest = "localregistry_mirror_last_request_timestamp_seconds";

    private readonly Func<IEnumerable<V1Alpha1LocalRegistry>> _resources;
    private readonly ILister<V1DaemonSet> _daemonSets;
    private readonly ILister<V1Pod> _pods;
    private readonly ILister<V1Node> _nodes;
    private readonly TimeProvider _time;

    /// <param name="metrics">Where the gauges belong.</param>
    /// <param name="resources">The resources that this replica tells of.</param>
    /// <param name="daemonSets">The DaemonSets as they are known now.</param>
    /// <param name="pods">The pods as they are known now.</param>
    /// <param name="nodes">The nodes as they are known now.</param>
    /// <param name="time">The clock.</param>
    public MirrorGauges(
        OperatorMetrics metrics,
        Func<IEnumerable<V1Alpha1LocalRegistry>> resources,
        ILister<V1DaemonSet> daemonSets,
        ILister<V1Pod> pods,
        ILister<V1Node> nodes,
        TimeProvider time)
    {
        (_resources, _daemonSets, _pods, _nodes, _time) = (resources, daemonSets, pods, nodes, time);
        Meter meter = metrics.Meter;
        meter.CreateObservableGauge(Nodes, () => _resources().SelectMany(NodeCounts), null, "Nodes that are to pull through their registry (desired), are proven to (proven), do not (failing).");
        meter.CreateObservableGauge(ProofInterval, () => _resources().SelectMany(Intervals), null, "How often each of them is to be proven while all is well.");
        meter.CreateObservableGauge(
            LastRequest, () => _resources().SelectMany(LastRequests), null, "When a node was last proven to pull through its registry, or its registry was last asked for a mirrored image.");
    }

    private IEnumerable<Measurement<int>> NodeCounts(V1Alpha1LocalRegistry registry)
    {
        if (NodeConfigPods.DaemonSetOf(Owner.Of(registry), _daemonSets) is not { } daemonSet)
        {
            return [];
        }

        var schedule = ProofSchedule.Of(registry.Spec.Validation.Interval);
        ILookup<MirrorVerdict, V1Pod> pods = NodeConfigPods.Of(daemonSet, _pods).ToLookup(p => VerdictOf(p, schedule));
        return
        [
            new(daemonSet.Status?.DesiredNumberScheduled ?? 0, ResourceGauges.Of(registry, new KeyValuePair<string, object?>("state", "desired"))),
            new(pods[MirrorVerdict.Proven].Count(), ResourceGauges.Of(registry, new KeyValuePair<string, object?>("state", "proven"))),
            new(pods[MirrorVerdict.Failing].Count(), ResourceGauges.Of(registry, new KeyValuePair<string, object?>("state", "failing"))),
        ];
    }

    // As the condition counts it.
    private MirrorVerdict VerdictOf(V1Pod pod, ProofSchedule schedule) => MirrorProof.On(pod)?.VerdictAt(schedule, _time.GetUtcNow()) switch
    {
        MirrorVerdict.Failing when !NodeReadiness.IsReachable(_nodes, NodeConfigPods.NodeOf(pod)!) => MirrorVerdict.Unknown,
        { } verdict => verdict,
        null => MirrorVerdict.Unknown,
    };

    private IEnumerable<Measurement<double>> Intervals(V1Alpha1LocalRegistry registry) => NodeConfigPods.DaemonSetOf(Owner.Of(registry), _daemonSets) is null
        ? []
        : [new(ProofSchedule.Of(registry.Spec.Validation.Interval).Interval.TotalSeconds, ResourceGauges.Of(registry))];

    private IEnumerable<Measurement<double>> LastRequests(V1Alpha1LocalRegistry registry) => NodeConfigPods.DaemonSetOf(Owner.Of(registry), _daemonSets) is not { } daemonSet
        ? []
        : from pod in NodeConfigPods.Of(daemonSet, _pods)
          let last = MirrorProof.On(pod)?.LastRequest
          where last is not null
          select new Measurement<double>(
              last.Value.ToUnixTimeSeconds(), ResourceGauges.Of(registry, new KeyValuePair<string, object?>("node", NodeConfigPods.NodeOf(pod))));
}
