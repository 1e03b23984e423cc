using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Operator.Validation;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>The last proof of a node, as it is kept on its node-configuration pod (<see cref="Labels.MirrorProof"/>): with the pod goes the proof.</summary>
internal sealed record MirrorProof
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);

    // A registry that restarts fails one proof; the next one comes 30 s later.
    private const int FailuresThatMayPass = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The uid of the pod that made it.</summary>
    public required string Pod { get; init; }

    /// <summary>What it found.</summary>
    public required MirrorVerdict Verdict { get; init; }

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
        int failures = found.Verdict == MirrorVerdict.Proven ? 0 : (before?.Failures ?? 0) + 1;
        MirrorVerdict verdict = found.MayPass && failures <= FailuresThatMayPass ? MirrorVerdict.Unknown : found.Verdict;
        return new MirrorProof
        {
            At = at,
            Pod = pod,
            Verdict = verdict,
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
            LastMirroredRequest = found.LastMirroredRequest is { } asked ? WholeSeconds(asked) : before?.LastMirroredRequest,
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

    /// <summary>When the node is to be proven again: at the interval while all is well, else after 30 s, doubling up to the interval.</summary>
    /// <param name="uid">The uid of the node-configuration pod.</param>
    /// <param name="interval">How often nodes are proven.</param>
    public DateTimeOffset NextDue(string uid, TimeSpan interval) =>
        Failures == 0 ? Jitter.Due(uid, At, interval) : At + Backoff.After(Failures, FirstRetry, interval);

    // Kubernetes' own times have no more.
    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
