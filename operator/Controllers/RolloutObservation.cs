using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Validation;

namespace LocalRegistry.Operator.Controllers;

/// <summary>What the DaemonSet and its pods say about the nodes.</summary>
internal sealed class RolloutObservation
{
    // As many as a reader takes in; a thousand nodes must fit.
    private const int WorstNodes = 3;

    private RolloutObservation(NodesStatus? nodes, ConditionAnswer available, ConditionAnswer progressing) =>
        (Nodes, Available, Progressing) = (nodes, available, progressing);

    public NodesStatus? Nodes { get; }

    public ConditionAnswer Available { get; }

    /// <summary>True while nodes are being changed.</summary>
    public ConditionAnswer Progressing { get; }

    public bool IsComplete => Progressing.Reason == Reasons.RolloutComplete;

    /// <summary>When nothing has been rolled out.</summary>
    public static RolloutObservation OfNothing() => new(
        null,
        ConditionAnswer.False(Reasons.NothingRolledOut, "No generation has passed validation yet."),
        ConditionAnswer.False(Reasons.WaitingForValidation, "The rollout waits for the checks."));

    /// <summary>When objects of someone else's are in the way.</summary>
    public static RolloutObservation OfTaken(IReadOnlyList<string> taken)
    {
        string message = $"{string.Join(" and ", taken)} exists and is not this resource's. Delete it, or give the resource another name.";
        return new RolloutObservation(null, ConditionAnswer.False(Reasons.NameTaken, message), ConditionAnswer.False(Reasons.NameTaken, message));
    }

    /// <param name="daemonSet">The DaemonSet as it is now.</param>
    /// <param name="pods">Its pods.</param>
    /// <param name="wasComplete">Whether this same plan has been on every node before: a node that fails later is no rollout.</param>
    public static RolloutObservation Of(V1DaemonSet daemonSet, IEnumerable<V1Pod> pods, bool wasComplete)
    {
        V1DaemonSetStatus status = daemonSet.Status ?? new V1DaemonSetStatus();
        bool seen = status.ObservedGeneration >= daemonSet.Generation();
        var nodes = new NodesStatus
        {
            Desired = status.DesiredNumberScheduled,
            Updated = seen ? status.UpdatedNumberScheduled ?? 0 : 0,
            Ready = status.NumberReady,
        };
        int available = status.NumberAvailable ?? 0;
        bool updated = seen && nodes.Updated >= nodes.Desired;
        string trouble = Trouble(pods);
        ConditionAnswer progressing = updated && (wasComplete || available >= nodes.Desired)
            ? ConditionAnswer.False(Reasons.RolloutComplete, $"{nodes.Updated} of {nodes.Desired} nodes have the current revision.")
            : !seen ? ConditionAnswer.True(Reasons.RollingOut, "The rollout has begun.")
            : ConditionAnswer.True(Reasons.RollingOut, $"{nodes.Updated} of {nodes.Desired} nodes have the current revision, {available} are available.{trouble}");
        return new RolloutObservation(nodes, AvailableOf(nodes, seen, trouble), progressing);
    }

    private static ConditionAnswer AvailableOf(NodesStatus nodes, bool seen, string trouble)
    {
        if (nodes.Desired == 0)
        {
            return seen
                ? ConditionAnswer.False(Reasons.NoNodes, "No node matches spec.node.nodeSelector and the tolerations.")
                : ConditionAnswer.Unknown(Reasons.RollingOut, "The rollout has begun.");
        }

        string count = $"{nodes.Ready} of {nodes.Desired} nodes serve.{(nodes.Ready < nodes.Desired ? trouble : "")}";
        return nodes.Ready >= RolloutPace.Enough(nodes.Desired) ? ConditionAnswer.True(Reasons.NodesServing, count) : ConditionAnswer.False(Reasons.NodesUnavailable, count);
    }

    private static string Trouble(IEnumerable<V1Pod> pods)
    {
        string[] worst = [.. pods.Select(p => Explain(p, RegistryPodTemplate.ContainerName)).OfType<string>().Order(StringComparer.Ordinal).Take(WorstNodes)];
        return worst.Length == 0 ? "" : $" {string.Join("; ", worst)}.";
    }

    /// <summary>Why a pod is not ready, with its node; null if it is, or while nothing is known.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="name">The container that matters.</param>
    internal static string? Explain(V1Pod pod, string name)
    {
        if (pod.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true)
        {
            return null;
        }

        V1ContainerStatus? container = pod.Status?.InitContainerStatuses?.FirstOrDefault(HasFailed) ?? pod.Status?.ContainerStatuses?.FirstOrDefault(c => c.Name == name);
        string? why = container?.State?.Waiting is { } waiting ? Join(waiting.Reason, waiting.Message)
            : pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" }) is { } unscheduled ? Join(unscheduled.Reason, unscheduled.Message)
            : container?.State?.Terminated is { ExitCode: not 0 } ended ? Join(ended.Reason, ended.Message?.Trim())
            : container?.State?.Running is not null ? "not ready" : null;
        if (container?.LastState?.Terminated?.Message is { Length: > 0 } last)
        {
            why = $"{why}, after: {last.Trim()}";
        }

        return why is null ? null : $"{pod.Spec.NodeName ?? pod.Name()}: {why.TrimEnd('.')}";
    }

    // What runs before the named container, and keeps it from starting.
    private static bool HasFailed(V1ContainerStatus before) =>
        before.State is { Waiting.Reason: { } reason } ? reason is not ("PodInitializing" or "ContainerCreating") : before.State?.Terminated is { ExitCode: not 0 };

    private static string Join(string? reason, string? message) => string.IsNullOrWhiteSpace(message) ? reason ?? "waiting" : $"{reason}: {message}";
}
