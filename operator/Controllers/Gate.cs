using System.Text.Json;
using k8s;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Validation;

namespace LocalRegistry.Operator.Controllers;

/// <summary>
/// Decides what the nodes are given. Nothing new gets through before every check has passed; what is there already goes on being applied,
/// whatever the checks say later.
/// </summary>
internal static class Gate
{
    private static readonly JsonElement EmptyConfig = JsonSerializer.SerializeToElement(new Dictionary<string, string>());

    /// <param name="candidate">The current generation's plan; null if its configuration is not valid.</param>
    /// <param name="findings">What the checks of bucket and access say of it.</param>
    /// <param name="mode">Whether they only warn.</param>
    /// <param name="lastGood">The plan that passed last; null if none has.</param>
    public static GateDecision Decide(RolloutPlan? candidate, IReadOnlyList<Finding> findings, ValidationMode mode, RolloutPlan? lastGood)
    {
        if (candidate is null)
        {
            return new GateDecision(lastGood, IsCurrent: false, Opened: false);
        }

        if (mode == ValidationMode.Warn || !findings.Any(f => f.Blocks))
        {
            return new GateDecision(candidate, IsCurrent: true, Opened: true);
        }

        return new GateDecision(lastGood, lastGood is not null && SameOnNodes(candidate, lastGood), Opened: false);
    }

    /// <summary>Whether two plans are the same in every respect, the generation included.</summary>
    public static bool Same(RolloutPlan one, RolloutPlan other) => KubernetesJson.Serialize(one) == KubernetesJson.Serialize(other);

    // A generation that only changes how often to check changes nothing on the nodes.
    private static bool SameOnNodes(RolloutPlan one, RolloutPlan other) => Same(OnNodes(one), OnNodes(other));

    private static RolloutPlan OnNodes(RolloutPlan plan) => plan with
    {
        Generation = 0,
        // The runtime itself stands beside it.
        Platform = null,
        // Port, rendered configuration and rendered mirrors stand beside it.
        Spec = plan.Spec with
        {
            Config = EmptyConfig,
            Mirrors = null,
            Repositories = null,
            Validation = new ValidationSpec(),
            Node = plan.Spec.Node with { Port = null, DebugPort = null, Runtime = new NodeRuntimeSpec() },
        },
    };
}
