using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Restoration;

/// <summary>Says of a resource's configured nodes which are to be restored, and how far they are. It only looks.</summary>
internal sealed class RestorationSurvey(
    ILister<V1Alpha1LocalRegistry> registries, AppliedPlans plans, ILister<V1Node> nodes, ILister<V1Pod> pods)
{
    /// <summary>The resource itself; null if it is gone.</summary>
    public V1Alpha1LocalRegistry? ResourceOf(ResourceKey resource) => registries.Get(resource);

    /// <summary>Whether the resource is there and asked for mirrors last, also while it is being deleted.</summary>
    public bool HasMirrors(ResourceKey resource) => ResourceOf(resource) is { } registry && plans.Last(Owner.Of(registry))?.Runtime is not null;

    /// <summary>The names of nodes that have a node-configuration pod of the resource, started or not.</summary>
    public IReadOnlySet<string> Occupied(ResourceKey resource) =>
        PodsOf(resource, Labels.NodeConfigComponent).Where(p => !HasEnded(p)).Select(p => p.Spec.NodeName).ToHashSet();

    /// <summary>The restoring pods of the resource, one for a node at most.</summary>
    public IEnumerable<V1Pod> Restoring(ResourceKey resource) => PodsOf(resource, Labels.NodeRestoreComponent);

    /// <summary>How these nodes of the resource stand.</summary>
    public IReadOnlyList<NodeRestoration> Of(ResourceKey resource, IEnumerable<string> names)
    {
        NodeSpec? asked = AskedFor(resource);
        IReadOnlySet<string> occupied = Occupied(resource);
        Dictionary<string, V1Pod> restoring = Restoring(resource).GroupBy(p => p.Spec.NodeName).ToDictionary(g => g.Key, g => g.First());
        return [.. names.Select(name => Of(name, asked, occupied.Contains(name), restoring.GetValueOrDefault(name)))];
    }

    private NodeRestoration Of(string name, NodeSpec? asked, bool isOccupied, V1Pod? pod)
    {
        if (nodes.Get(new ResourceKey("", name)) is not { } node)
        {
            return new NodeRestoration(name, RestorationState.Gone, pod);
        }

        if (asked is not null && NodeSelection.Includes(asked, node, isOccupied))
        {
            return new NodeRestoration(name, RestorationState.Wanted, pod);
        }

        // One that is about to go has been counted, perhaps before the node was configured again.
        if (!isOccupied && pod?.Status?.Phase == "Succeeded" && pod.DeletionTimestamp() is null)
        {
            return new NodeRestoration(name, RestorationState.Restored, pod);
        }

        // A pod there that has not ended says nothing, and goes on when the node does.
        bool isReady = node.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true;
        return !isReady ? new NodeRestoration(name, RestorationState.NotReady, pod)
            : isOccupied ? new NodeRestoration(name, RestorationState.Occupied, pod)
            : pod is null ? new NodeRestoration(name, RestorationState.Due)
            : pod.Status?.Phase == "Failed" && pod.DeletionTimestamp() is null ? new NodeRestoration(name, RestorationState.Failed, pod, Why(pod))
            : new NodeRestoration(name, RestorationState.Running, pod);
    }

    // A resource whose first plan has not passed yet gives no node anything, so what is there is from one before it of the same name.
    private NodeSpec? AskedFor(ResourceKey resource) =>
        ResourceOf(resource) is { } registry && registry.DeletionTimestamp() is null && plans.Last(Owner.Of(registry)) is { Runtime: not null } plan
            ? plan.Spec.Node
            : null;

    private IEnumerable<V1Pod> PodsOf(ResourceKey resource, string component) => pods.List(resource.Namespace).Where(p =>
        p.GetLabel(Labels.Instance) == resource.Name && p.GetLabel(Labels.Component) == component && !string.IsNullOrEmpty(p.Spec?.NodeName));

    private static bool HasEnded(V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    private static string Why(V1Pod pod)
    {
        string? said = pod.Status.ContainerStatuses?.Select(c => c.State?.Terminated).FirstOrDefault(t => t is { ExitCode: not 0 })?.Message;
        string? told = string.IsNullOrWhiteSpace(said) ? pod.Status.Message ?? pod.Status.Reason : NodeReport.Parse(said)?.Message ?? said;
        return string.IsNullOrWhiteSpace(told) ? "its restoring pod gave no reason" : told.Trim().TrimEnd('.');
    }
}
