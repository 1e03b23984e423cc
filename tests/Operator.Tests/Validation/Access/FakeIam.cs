using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Iam;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation.Access;

/// <summary>An IAM that says what a test has it say, and counts what it is asked.</summary>
internal sealed class FakeIam : IIamReader
{
    public const string Role = "arn:aws:iam::123456789012:role/team/pull";
    public const string Session = "arn:aws:sts::123456789012:assumed-role/pull/session";

    public bool HasOwnEndpoint { get; set; }

    /// <summary>Who was asked for, in order.</summary>
    public List<string> Resolved { get; } = [];

    /// <summary>What was simulated, in order.</summary>
    public List<SimulationQuery> Simulated { get; } = [];

    /// <summary>Why IAM does not answer; null if it does.</summary>
    public AwsFailure? Failure { get; set; }

    /// <summary>What the policies say to a request; null for what needs no telling: what is needed is allowed, nothing else is.</summary>
    public Func<SimulatedRequest, SimulatedDecision?> Decide { get; set; } = _ => null;

    public static IamPrincipal Principal
    {
        get
        {
            Assert.True(CallerArn.TryParse(Session, out CallerArn? caller));
            return new IamPrincipal(Role, caller, null);
        }
    }

    public static SimulatedDecision Decision(SimulatedRequest request, SimulatedEffect effect, params MatchedPolicy[] policies) =>
        new(request, effect, policies, [], null, null);

    public Task<AwsAnswer<IamPrincipal>> ResolveAsync(string callerArn, CancellationToken cancel)
    {
        Resolved.Add(callerArn);
        return Task.FromResult(Failure is { } failure ? AwsAnswer<IamPrincipal>.Failed(failure) : AwsAnswer<IamPrincipal>.Of(Principal));
    }

    public Task<AwsAnswer<SimulationResult>> SimulateAsync(SimulationQuery query, CancellationToken cancel)
    {
        Simulated.Add(query);
        SimulatedEffect usual = Simulated.Count % 2 == 1 ? SimulatedEffect.Allowed : SimulatedEffect.ImplicitlyDenied;
        return Task.FromResult(AwsAnswer<SimulationResult>.Of(
            new SimulationResult([.. query.Requests.Select(request => Decide(request) ?? Decision(request, usual))], query.BucketPolicy is not null)));
    }
}
