using k8s.Models;
using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>A node that is to pull through its registry.</summary>
/// <param name="Name">The node.</param>
/// <param name="Pod">Its node-configuration pod.</param>
/// <param name="Last">The last proof of that pod; null if there is none.</param>
/// <param name="Proving">The pod that proves it now; null if none does.</param>
/// <param name="IsReachable">Whether its kubelet answers.</param>
/// <param name="IsCurrent">Whether its pod has the current configuration.</param>
/// <param name="ServingSince">Since when its registry serves; null if it does not.</param>
internal sealed record MirroredNode(string Name, V1Pod Pod, MirrorProof? Last, V1Pod? Proving, bool IsReachable, bool IsCurrent, DateTimeOffset? ServingSince)
{
    // A node whose registry does not stand in for the hosts does not become ready, and its reason is to be told.
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);

    /// <summary>Whether it was just found not to pull through its registry any more.</summary>
    public bool HasTurned { get; init; }

    /// <summary>The last proof; what failed while its registry was away counts no failures any more.</summary>
    public MirrorProof? LastSinceServing => Last is { Failures: > 0 } last && ServingSince > last.At ? last with { Failures = 0 } : Last;

    /// <summary>When its next proof is due; null while none can be made, or would find nothing but that its registry does not serve.</summary>
    /// <param name="schedule">When nodes are proven.</param>
    public DateTimeOffset? Due(ProofSchedule schedule)
    {
        if (Proving is not null || !IsReachable || !IsCurrent || ServingSince is not { } serving || PodTimes.Running(Pod) is not { } running)
        {
            return null;
        }

        DateTimeOffset? ready = PodTimes.Ready(Pod);
        if (Last is null)
        {
            return ready ?? (running > serving ? running : serving) + ReadyWithin;
        }

        DateTimeOffset next = schedule.Next(Pod.Uid(), Last.At, Last.Failures);
        if (Last.Failures == 0 || serving <= Last.At)
        {
            return next;
        }

        // Its registry is back: no reason to wait for long, unless the node has yet to be told of it.
        DateTimeOffset again = ready is null ? serving + ReadyWithin : serving;
        return again < next ? again : next;
    }

    /// <summary>How the node stands.</summary>
    /// <param name="schedule">When nodes are proven.</param>
    /// <param name="now">The time.</param>
    public MirrorStanding Standing(ProofSchedule schedule, DateTimeOffset now)
    {
        if (!IsCurrent)
        {
            return MirrorStanding.New;
        }

        if (Last is null)
        {
            return IsReachable && now - PodTimes.Created(Pod) <= ProofSchedule.Patience ? MirrorStanding.New : MirrorStanding.Unknown;
        }

        return Last.VerdictAt(schedule, now) switch
        {
            MirrorVerdict.Proven => MirrorStanding.Proven,
            // One that is down cannot be found mended, and is told of as down.
            MirrorVerdict.Failing when IsReachable => MirrorStanding.Failing,
            _ => MirrorStanding.Unknown,
        };
    }

    /// <summary>Why the node is not known to pull through its registry, as one word and its explanation.</summary>
    /// <param name="schedule">When nodes are proven.</param>
    /// <param name="now">The time.</param>
    public (string Reason, string Message) Why(ProofSchedule schedule, DateTimeOffset now)
    {
        if (!IsReachable)
        {
            return (Reasons.ProofInconclusive, "the node is not ready");
        }

        if (Last is null)
        {
            return (Reasons.ProvingMirrors, ServingSince is null ? "its registry is not ready" : $"not proven within {ProofSchedule.Patience.TotalMinutes} minutes");
        }

        if (Last.Verdict != MirrorVerdict.Unknown && Last.VerdictAt(schedule, now) == MirrorVerdict.Unknown)
        {
            string doubt = Last.Doubt is { } why ? $"; {ShortText.Of(why)}" : ServingSince is null ? "; its registry is not ready" : "";
            return (Reasons.ProofInconclusive, $"no proof has given an answer since {(Last.Concluded ?? Last.At).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}{doubt}");
        }

        return (Last.Reason, ShortText.Of(Last.Message, ShortText.OfNode));
    }
}
