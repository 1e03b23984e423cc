using System.Diagnostics.Metrics;
using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Restoration;
using LocalRegistry.Operator.Runtime;

namespace LocalRegistry.Operator.Telemetry;

/// <summary>
/// How many nodes wait to be restored, as a gauge, for every resource that has configured nodes and may be gone itself. As with
/// <see cref="ResourceGauges"/>, only the leader reports it.
/// </summary>
internal sealed class RestorationGauges
{
    public const string NodesToRestore = "localregistry_nodes_to_restore";

    private readonly LeaderElection _election;
    private readonly RestorationSurvey _survey;
    private readonly ILister<V1ConfigMap> _configMaps;

    public RestorationGauges(OperatorMetrics metrics, LeaderElection election, RestorationSurvey survey, ILister<V1ConfigMap> configMaps)
    {
        (_election, _survey, _configMaps) = (election, survey, configMaps);
        metrics.Meter.CreateObservableGauge(NodesToRestore, Observe, null, "Nodes that bear a resource's mirrors and no longer should, also after the resource.");
    }

    private IEnumerable<Measurement<int>> Observe() => !_election.IsLeader
        ? []
        : from memory in _configMaps.All
          where ConfiguredNodesConfigMap.Is(memory)
          let resource = ConfiguredNodesConfigMap.ResourceOf(memory)
          select new Measurement<int>(
              _survey.Of(resource, ConfiguredNodesConfigMap.ReadNames(memory)).Count(n => n.IsPending),
              new KeyValuePair<string, object?>("namespace", resource.Namespace),
              new("name", resource.Name));
}
