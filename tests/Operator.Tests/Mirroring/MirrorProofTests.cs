using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Mirroring;

public sealed class MirrorProofTests
{
    private static readonly ProofSchedule Schedule = ProofSchedule.Of("10m");
    private static readonly DateTimeOffset Now = MirrorSamples.Start.AddSeconds(0.4);

    private static readonly ProofFinding Good = new(MirrorVerdict.Proven, MayPass: false, Reasons.MirrorsProven, "", MirrorSamples.Start.AddSeconds(-9.7));
    private static readonly ProofFinding NotPulled = new(MirrorVerdict.Failing, MayPass: true, Reasons.NotPulledThrough, "host: no");
    private static readonly ProofFinding Blocked = new(MirrorVerdict.Failing, MayPass: false, NodeReasons.NoConfigPath, "Set it.");
    private static readonly ProofFinding NoAnswer = ProofFinding.Unknown(Reasons.ProofInconclusive, "gone");

    [Fact]
    public void After_a_good_proof_tells_when_in_whole_seconds()
    {
        var proof = MirrorProof.After(null, Good, "uid", Now);

        Assert.Equal(
            new MirrorProof
            {
                At = MirrorSamples.Start, Pod = "uid", Verdict = MirrorVerdict.Proven, Concluded = MirrorSamples.Start, Reason = Reasons.MirrorsProven,
                LastProven = MirrorSamples.Start, LastMirroredRequest = MirrorSamples.Start.AddSeconds(-10),
            },
            proof);
    }

    // A registry that restarts is no node that fails.
    [Fact]
    public void After_the_first_failure_that_may_pass_what_was_known_still_is_and_the_second_fails()
    {
        var good = MirrorProof.After(null, Good, "1", Now);
        var first = MirrorProof.After(good, NotPulled, "2", Now.AddMinutes(10));
        var second = MirrorProof.After(first, NotPulled, "3", Now.AddMinutes(11));
        var third = MirrorProof.After(second, NotPulled, "4", Now.AddMinutes(12));

        Assert.Equal((MirrorVerdict.Proven, 1, null), (first.Verdict, first.Failures, first.FailingSince));
        Assert.Equal((first.At.AddMinutes(-10), "host: no"), (first.Concluded, first.Doubt));
        Assert.Equal((MirrorVerdict.Failing, 2, second.At, second.At), (second.Verdict, second.Failures, second.FailingSince, second.Concluded));
        Assert.Null(second.Doubt);
        Assert.Equal((MirrorVerdict.Failing, 3, second.At), (third.Verdict, third.Failures, third.FailingSince));
        Assert.Equal(good.At, third.LastProven);
        // Not asked again, it is still the last that is known.
        Assert.Equal(good.LastMirroredRequest, third.LastMirroredRequest);
        Assert.Equal(MirrorVerdict.Unknown, MirrorProof.After(null, NotPulled, "1", Now).Verdict);
    }

    [Fact]
    public void After_a_failure_that_somebody_has_to_see_to_fails_at_once() => Assert.Equal(MirrorVerdict.Failing, MirrorProof.After(null, Blocked, "1", Now).Verdict);

    [Fact]
    public void After_a_proof_without_an_answer_the_last_answer_stands_until_it_is_stale()
    {
        var failing = MirrorProof.After(null, Blocked, "1", Now);
        var still = MirrorProof.After(failing, NoAnswer, "2", Now.AddHours(3));

        Assert.Equal((MirrorVerdict.Failing, 2, failing.At), (still.Verdict, still.Failures, still.FailingSince));
        Assert.Equal((failing.Reason, failing.Message, "gone", "2"), (still.Reason, still.Message, still.Doubt, still.Pod));
        Assert.Equal(MirrorVerdict.Failing, still.VerdictAt(Schedule, failing.At.AddMinutes(195)));
        Assert.Equal(MirrorVerdict.Unknown, still.VerdictAt(Schedule, failing.At.AddMinutes(196)));
        Assert.Null(MirrorProof.After(still, Good, "3", Now.AddHours(3)).FailingSince);
    }

    [Fact]
    public void After_proofs_without_an_answer_alone_nothing_is_known()
    {
        var unknown = MirrorProof.After(MirrorProof.After(null, NoAnswer, "1", Now), NoAnswer with { Message = "again" }, "2", Now);

        Assert.Equal((MirrorVerdict.Unknown, null, "again", null), (unknown.Verdict, unknown.Concluded, unknown.Message, unknown.Doubt));
    }

    [Fact]
    public void On_a_pod_gives_back_what_was_written()
    {
        var proof = MirrorProof.After(MirrorProof.After(null, Good, "1", Now), NotPulled, "2", Now.AddMinutes(1));

        Assert.Equal(proof, MirrorProof.On(MirrorSamples.NodeConfig("a", proof: proof)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"at": "2026-03-01T12:00:00Z", "pod": "p", "verdict": "Sure", "reason": "A"}""")]
    [InlineData("""{"at": "2026-03-01T12:00:00Z", "pod": "p", "verdict": "Failing", "reason": "two words"}""")]
    [InlineData("""{"at": "2026-03-01T12:00:00Z", "pod": "p", "verdict": "Failing", "reason": null}""")]
    [InlineData("""{"at": "2026-03-01T12:00:00Z", "pod": "p", "verdict": "Failing", "reason": "A", "message": null}""")]
    public void On_a_pod_with_something_else_is_none(string annotation)
    {
        V1Pod pod = MirrorSamples.NodeConfig("a");
        pod.Metadata.Annotations = new Dictionary<string, string> { [Labels.MirrorProof] = annotation };

        Assert.Null(MirrorProof.On(pod));
        Assert.Null(MirrorProof.On(MirrorSamples.NodeConfig("a")));
    }

    [Fact]
    public void LastRequest_is_the_later_of_proof_and_record()
    {
        MirrorProof proof = MirrorSamples.ProofOf(MirrorVerdict.Proven);

        Assert.Equal(proof.At, proof.LastRequest);
        Assert.Equal(proof.At, (proof with { LastMirroredRequest = proof.At.AddSeconds(-1) }).LastRequest);
        Assert.Equal(proof.At.AddSeconds(1), (proof with { LastMirroredRequest = proof.At.AddSeconds(1) }).LastRequest);
        Assert.Equal(proof.At, (proof with { LastProven = null, LastMirroredRequest = proof.At }).LastRequest);
        Assert.Null((proof with { LastProven = null }).LastRequest);
    }
}
