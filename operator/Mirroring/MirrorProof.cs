using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;
using LocalRegistry.Operator.Manifests;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>The last proof of a node, as it is kept on its node-configuration pod (<see cref="Labels.MirrorProof"/>): with the pod goes the proof.</summary>
internal sealed record MirrorProof
{
    // A registry that restarts fails one proof; the next one comes 30 s later.
    private const int FailuresThatMayPass = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The uid of the pod that made it.</summary>
    public required string Pod { get; init; }

    /// <summary>What it found or, if it gave no answer, what the last one found that did.</summary>
    public required MirrorVerdict Verdict { get; init; }

    /// <summary>When the proof was made that found it; null while none has given an answer.</summary>
    public DateTimeOffset? Concluded { get; init; }

    /// <summary>Why this proof gave no answer, for people; null if it gave one, or if <see cref="Message"/> says it.</summary>
    public string? Doubt { get; init; }

    /// <summary>Why, as one word.</summary>
    public required string Reason { get; init; }

    /// <summary>Why, for people.</summary>
    public string Message { get; init; } = "";

    /// <summary>How many proofs in a row, this one included, did not find that all is well.</summary>
    public int Failures { get; init; }

    /// <summary>When the node was last found to pull through its registry; null if it never was.</summary>
    public DateTimeOffset? LastProven { get; init; }

    /// <summary>Since when it is known not to; null unless it is. A proof without an answer does not end that.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When the node's registry was last asked for a mirrored image, by its own record; null if that is not known.</summary>
    public DateTimeOffset? LastMirroredRequest { get; init; }

    /// <summary>The later of the last good proof and the registry's own record; null if there is neither.</summary>
    [JsonIgnore]
    public DateTimeOffset? LastRequest => LastProven is { } proven && LastMirroredRequest is { } asked ? (proven > asked ? proven : asked) : LastProven ?? LastMirroredRequest;

    /// <summary>What a pod found, after the proof before it.</summary>
    /// <param name="before">The proof before; null if there was none.</param>
    /// <param name="found">What was found.</param>
    /// <param name="pod">The uid of the pod that found it.</param>
    /// <param name="now">The time.</param>
    public static MirrorProof After(MirrorProof? before, ProofFinding found, string pod, DateTimeOffset now)
    {
        DateTimeOffset at = WholeSeconds(now);
        DateTimeOffset? asked = found.LastMirroredRequest is { } last ? WholeSeconds(last) : before?.LastMirroredRequest;
        int failures = found.Verdict == MirrorVerdict.Proven ? 0 : (before?.Failures ?? 0) + 1;
        MirrorVerdict verdict = found.MayPass && failures <= FailuresThatMayPass ? MirrorVerdict.Unknown : found.Verdict;
        if (verdict == MirrorVerdict.Unknown && before is { Verdict: not MirrorVerdict.Unknown })
        {
            // A full node, or a registry that restarts, says nothing against what was found before.
            return before with { At = at, Pod = pod, Failures = failures, Doubt = found.Message, LastMirroredRequest = asked };
        }

        return new MirrorProof
        {
            At = at,
            Pod = pod,
            Verdict = verdict,
            Concluded = verdict == MirrorVerdict.Unknown ? null : at,
            Reason = found.Reason,
            Message = found.Message,
            Failures = failures,
            LastProven = verdict == MirrorVerdict.Proven ? at : before?.LastProven,
            FailingSince = verdict switch
            {
                MirrorVerdict.Proven => null,
                MirrorVerdict.Failing => before?.FailingSince ?? at,
                _ => before?.FailingSince,
            },
            LastMirroredRequest = asked,
        };
    }

    /// <summary>The proof on a pod; null if there is none that can be read.</summary>
    public static MirrorProof? On(V1Pod pod)
    {
        try
        {
            return pod.GetAnnotation(Labels.MirrorProof) is { } json && JsonSerializer.Deserialize<MirrorProof>(json, Options) is { Reason: { } reason, Message: not null, Pod: not null } proof
                && ShortText.IsWord(reason) ? proof : null;
        }
        catch (JsonException)
        {
            // Somebody else's hand; the node is proven anew.
            return null;
        }
    }

    /// <summary>Writes it on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>What is known at a time: what was found long ago is not.</summary>
    /// <param name="schedule">When nodes are proven.</param>
    /// <param name="now">The time.</param>
    public MirrorVerdict VerdictAt(ProofSchedule schedule, DateTimeOffset now) => now - (Concluded ?? At) > schedule.StaleAfter ? MirrorVerdict.Unknown : Verdict;

    // Kubernetes' own times have no more.
    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
