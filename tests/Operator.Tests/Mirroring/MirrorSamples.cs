using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Tests.Mirroring;

/// <summary>The objects of a resource with mirrors of two hosts, as a cluster would have them.</summary>
internal static class MirrorSamples
{
    /// <summary>When everything begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static LocalRegistrySpec Spec { get; } = Samples.Spec() with
    {
        Mirrors = [new MirrorSpec { Host = "registry.example.com" }, new MirrorSpec { Host = "*", Prefix = "others" }],
    };

    public static RolloutPlan Plan { get; } = Samples.Plan(Spec);

    public static IReadOnlyList<ImageHost> Hosts { get; } = MirrorProofPod.HostsOf(Plan);

    public static V1DaemonSet DaemonSet(int desired)
    {
        V1ObjectMeta metadata = Samples.Owner.Metadata(Names.NodeConfig(Samples.Owner), Labels.NodeConfigComponent);
        metadata.Uid = "daemonset";
        return new V1DaemonSet { Metadata = metadata, Status = new V1DaemonSetStatus { DesiredNumberScheduled = desired } };
    }

    public static V1DaemonSet RegistryDaemonSet()
    {
        V1ObjectMeta metadata = Samples.Owner.Metadata(Names.DaemonSet(Samples.Owner), Labels.RegistryComponent);
        metadata.Uid = "registries";
        return new V1DaemonSet { Metadata = metadata };
    }

    /// <summary>The pod of a node's registry.</summary>
    public static V1Pod RegistryPod(string node, DateTimeOffset since, bool ready = true) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = $"registry-{node}",
            NamespaceProperty = Samples.Owner.Namespace,
            Uid = $"registry-{node}",
            Labels = Labels.For(Samples.Owner.Name, Labels.RegistryComponent),
            OwnerReferences = [new V1OwnerReference { ApiVersion = "apps/v1", Kind = "DaemonSet", Name = "d", Uid = "registries", Controller = true }],
        },
        Spec = new V1PodSpec { NodeName = node, Containers = [] },
        Status = new V1PodStatus
        {
            Phase = "Running",
            Conditions = [new V1PodCondition { Type = "Ready", Status = ready ? "True" : "False", LastTransitionTime = since.UtcDateTime }],
        },
    };

    /// <summary>A node-configuration pod that runs since <see cref="Start"/>.</summary>
    /// <param name="node">Its node, which names it too.</param>
    /// <param name="ready">Whether it is ready, since two seconds after that.</param>
    /// <param name="proof">The last proof of it.</param>
    public static V1Pod NodeConfig(string node, bool ready = true, MirrorProof? proof = null) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = $"config-{node}",
            NamespaceProperty = Samples.Owner.Namespace,
            Uid = $"uid-{node}",
            CreationTimestamp = Start.UtcDateTime,
            Labels = Labels.For(Samples.Owner.Name, Labels.NodeConfigComponent),
            Annotations = proof is null ? null : new Dictionary<string, string> { [Labels.MirrorProof] = proof.ToJson() },
            OwnerReferences = [new V1OwnerReference { ApiVersion = "apps/v1", Kind = "DaemonSet", Name = "d", Uid = "daemonset", Controller = true }],
        },
        Spec = new V1PodSpec
        {
            NodeName = node,
            Containers = [],
            Volumes = [new V1Volume { Name = NodeConfigPod.MirrorsVolume, ConfigMap = new V1ConfigMapVolumeSource { Name = MirrorsConfigMap.NameOf(Samples.Owner, Plan) } }],
        },
        Status = new V1PodStatus
        {
            Phase = "Running",
            Conditions = [new V1PodCondition { Type = "Ready", Status = ready ? "True" : "False", LastTransitionTime = Start.UtcDateTime.AddSeconds(2) }],
            ContainerStatuses = [Status(NodeConfigPod.ContainerName, new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = Start.UtcDateTime } })],
        },
    };

    /// <summary>A proof's pod as it was created for a node, at a time.</summary>
    public static V1Pod Proof(string node, DateTimeOffset created, params V1ContainerStatus[] containers)
    {
        V1Pod pod = MirrorProofPod.Build(Samples.Owner, Plan, node, $"config-{node}");
        pod.Metadata.Uid = $"proof-{node}-{created.ToUnixTimeSeconds()}";
        pod.Metadata.CreationTimestamp = created.UtcDateTime;
        pod.Status = new V1PodStatus { Phase = "Pending", ContainerStatuses = containers };
        return pod;
    }

    public static V1ContainerStatus Report(NodeState state = NodeState.Configured, string reason = NodeReasons.Configured, string message = "2 hosts are told", DateTimeOffset? last = null) =>
        Ended(NodeConfigPod.ContainerName, message: new NodeReport { State = state, Reason = reason, Message = message, LastMirroredRequest = last }.ToJson());

    /// <summary>Containers of every host that pulled and ended.</summary>
    public static V1ContainerStatus[] AllPulled(params V1ContainerStatus[] before) => [.. before, Ended("host-0"), Ended("host-1")];

    public static V1ContainerStatus Ended(string name, int exitCode = 0, string? reason = null, string? message = null) =>
        Status(name, new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = exitCode, Reason = reason, Message = message } });

    public static V1ContainerStatus Waiting(string name, string reason, string? message = null) =>
        Status(name, new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } });

    public static V1ContainerStatus Running(string name) => Status(name, new V1ContainerState { Running = new V1ContainerStateRunning() });

    public static MirrorProof ProofOf(MirrorVerdict verdict, DateTimeOffset? at = null, int failures = 0, string reason = Reasons.MirrorsProven, string message = "") => new()
    {
        At = at ?? Start,
        Pod = "earlier",
        Verdict = verdict,
        Concluded = verdict == MirrorVerdict.Unknown ? null : at ?? Start,
        Reason = reason,
        Message = message,
        Failures = failures,
        LastProven = verdict == MirrorVerdict.Proven ? at ?? Start : null,
        FailingSince = verdict == MirrorVerdict.Failing ? at ?? Start : null,
    };

    private static V1ContainerStatus Status(string name, V1ContainerState state) => new()
    {
        Name = name,
        Image = $"image-of-{name}",
        State = state,
    };
}
