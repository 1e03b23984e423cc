using k8s.Models;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>A node that is to pull through its registry.</summary>
/// <param name="Name">The node.</param>
/// <param name="Pod">Its node-configuration pod.</param>
/// <param name="Last">The last proof of that pod; null if there is none.</param>
/// <param name="Proving">The pod that proves it now; null if none does.</param>
/// <param name="IsReachable">Whether its kubelet answers.</param>
/// <param name="IsCurrent">Whether its pod has the current configuration.</param>
internal sealed record MirroredNode(string Name, V1Pod Pod, MirrorProof? Last, V1Pod? Proving, bool IsReachable, bool IsCurrent)
{
    // A node whose registry does not stand in for the hosts does not become ready, and its reason is to be told.
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);

    /// <summary>Whether it was just found not to pull through its registry any more.</summary>
    public bool HasTurned { get; init; }

    /// <summary>When its next proof is due; null while none can be made.</summary>
    /// <param name="interval">How often nodes are proven.</param>
    public DateTimeOffset? Due(TimeSpan interval) => Proving is not null || !IsReachable || !IsCurrent || PodTimes.Running(Pod) is not { } running ? null
        : Last?.NextDue(Pod.Uid(), interval) ?? PodTimes.Ready(Pod) ?? running + ReadyWithin;

    /// <summary>How the node stands.</summary>
    /// <param name="interval">How often nodes are proven.</param>
    /// <param name="now">The time.</param>
    public MirrorStanding Standing(TimeSpan interval, DateTimeOffset now) => !IsCurrent ? MirrorStanding.New : Last switch
    {
        null => IsReachable ? MirrorStanding.New : MirrorStanding.Unknown,
        { Verdict: MirrorVerdict.Failing } => MirrorStanding.Failing,
        { Verdict: MirrorVerdict.Proven } proof when !IsStale(proof, interval, now) => MirrorStanding.Proven,
        _ => MirrorStanding.Unknown,
    };

    /// <summary>Why the node is not known to pull through its registry, as one word and its explanation.</summary>
    public (string Reason, string Message) Why() => !IsReachable ? (Api.Reasons.ProofInconclusive, "the node is not ready") : Last switch
    {
        { Verdict: MirrorVerdict.Proven } proof => (Api.Reasons.ProofInconclusive, $"not proven since {proof.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"),
        { } proof => (proof.Reason, ShortText.Of(proof.Message, ShortText.OfNode)),
        null => (Api.Reasons.ProvingMirrors, "not proven yet"),
    };

    // As the alert over the metrics has it: three intervals, and a quarter of an hour for what a proof itself takes.
    private static bool IsStale(MirrorProof proof, TimeSpan interval, DateTimeOffset now) => now - proof.At > (3 * interval) + TimeSpan.FromMinutes(15);
}
