using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Operator.Tests.Mirroring;

public sealed class MirrorProofTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
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
                At = MirrorSamples.Start, Pod = "uid", Verdict = MirrorVerdict.Proven, Reason = Reasons.MirrorsProven,
                LastProven = MirrorSamples.Start, LastMirroredRequest = MirrorSamples.Start.AddSeconds(-10),
            },
            proof);
    }

    // A registry that restarts is no node that fails.
    [Fact]
    public void After_the_first_failure_that_may_pass_nothing_is_known_and_the_second_fails()
    {
        var good = MirrorProof.After(null, Good, "1", Now);
        var first = MirrorProof.After(good, NotPulled, "2", Now.AddMinutes(10));
        var second = MirrorProof.After(first, NotPulled, "3", Now.AddMinutes(11));
        var third = MirrorProof.After(second, NotPulled, "4", Now.AddMinutes(12));

        Assert.Equal((MirrorVerdict.Unknown, 1, null), (first.Verdict, first.Failures, first.FailingSince));
        Assert.Equal((MirrorVerdict.Failing, 2, second.At), (second.Verdict, second.Failures, second.FailingSince));
        Assert.Equal((MirrorVerdict.Failing, 3, second.At), (third.Verdict, third.Failures, third.FailingSince));
        Assert.Equal(good.At, third.LastProven);
        // Not asked again, it is still the last that is known.
        Assert.Equal(good.LastMirroredRequest, third.LastMirroredRequest);
    }

    [Fact]
    public void After_a_failure_that_somebody_has_to_see_to_fails_at_once() => Assert.Equal(MirrorVerdict.Failing, MirrorProof.After(null, Blocked, "1", Now).Verdict);

    [Fact]
    public void After_a_proof_without_an_answer_it_is_still_known_since_when_the_node_fails()
    {
        var failing = MirrorProof.After(null, Blocked, "1", Now);
        var unknown = MirrorProof.After(failing, NoAnswer, "2", Now.AddMinutes(1));

        Assert.Equal((MirrorVerdict.Unknown, 2, failing.At), (unknown.Verdict, unknown.Failures, unknown.FailingSince));
        Assert.Null(MirrorProof.After(unknown, Good, "3", Now).FailingSince);
    }

    [Fact]
    public void NextDue_of_a_good_proof_is_an_interval_later_give_or_take_a_tenth()
    {
        MirrorProof proof = MirrorSamples.ProofOf(MirrorVerdict.Proven);

        Assert.InRange(proof.NextDue("uid", Interval), proof.At.AddMinutes(9), proof.At.AddMinutes(11));
        Assert.NotEqual(proof.NextDue("uid", Interval), proof.NextDue("other", Interval));
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(3, 120)]
    [InlineData(5, 480)]
    [InlineData(6, 600)]
    [InlineData(60, 600)]
    public void NextDue_of_a_failure_doubles_up_to_the_interval(int failures, int seconds) =>
        Assert.Equal(MirrorSamples.Start.AddSeconds(seconds), MirrorSamples.ProofOf(MirrorVerdict.Failing, failures: failures).NextDue("uid", Interval));

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
