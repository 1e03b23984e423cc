using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;

namespace LocalRegistry.Operator.Tests.Telemetry;

/// <summary>
/// The nodes of a resource whose name begins with <c>mirrored</c>: one proven and asked since, one proven and not asked, one that fails, one
/// that failed long ago, one that nothing is known of. Other resources have no mirrors.
/// </summary>
internal static class SampleMirrors
{
    // A proof that is long past tells nothing any more.
    public static readonly DateTimeOffset Proven = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    public static V1DaemonSet DaemonSet(V1Alpha1LocalRegistry registry)
    {
        var owner = Owner.Of(registry);
        V1ObjectMeta metadata = owner.Metadata(HasMirrors(registry) ? Names.NodeConfig(owner) : "other", Labels.NodeConfigComponent);
        metadata.Uid = $"{owner.Uid}-daemonset";
        metadata.ResourceVersion = "1";
        return new V1DaemonSet { Metadata = metadata, Status = new V1DaemonSetStatus { DesiredNumberScheduled = 5 } };
    }

    public static IEnumerable<V1Pod> Pods(V1Alpha1LocalRegistry registry) =>
    [
        Pod(registry, "asked", new MirrorProof
        {
            At = Proven, Pod = "1", Verdict = MirrorVerdict.Proven, Reason = Reasons.MirrorsProven, LastProven = Proven, LastMirroredRequest = Proven.AddSeconds(30),
        }),
        Pod(registry, "quiet", new MirrorProof
        {
            At = Proven, Pod = "2", Verdict = MirrorVerdict.Proven, Reason = Reasons.MirrorsProven, LastProven = Proven, LastMirroredRequest = Proven.AddSeconds(-30),
        }),
        Pod(registry, "failing", new MirrorProof { At = Proven, Pod = "3", Verdict = MirrorVerdict.Failing, Reason = Reasons.NotPulledThrough, Failures = 2 }),
        Pod(registry, "old", new MirrorProof { At = Proven.AddHours(-4), Pod = "4", Verdict = MirrorVerdict.Failing, Reason = Reasons.NotPulledThrough, Failures = 2 }),
        Pod(registry, "new", null),
    ];

    private static bool HasMirrors(V1Alpha1LocalRegistry registry) => registry.Name().StartsWith("mirrored", StringComparison.Ordinal);

    private static V1Pod Pod(V1Alpha1LocalRegistry registry, string node, MirrorProof? proof) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = $"{registry.Name()}-{node}",
            NamespaceProperty = registry.Namespace(),
            Uid = $"{registry.Uid()}-{node}",
            ResourceVersion = "1",
            Labels = Labels.For(registry.Name(), Labels.NodeConfigComponent),
            Annotations = proof is null ? null : new Dictionary<string, string> { [Labels.MirrorProof] = proof.ToJson() },
            OwnerReferences = [new V1OwnerReference { ApiVersion = "apps/v1", Kind = "DaemonSet", Name = "d", Uid = $"{registry.Uid()}-daemonset", Controller = true }],
        },
        Spec = new V1PodSpec { NodeName = node, Containers = [] },
    };
}
