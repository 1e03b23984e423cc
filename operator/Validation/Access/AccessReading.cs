using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Operator.Grants;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>Asks IAM: who the registry's identity is there, what it may do of what it needs, and what of what it does not need.</summary>
internal static class AccessReading
{
    public static async Task<AccessFacts> ReadAsync(IIamReader reader, AccessQuestion question, CancellationToken cancel)
    {
        AwsAnswer<IamPrincipal> principal = await reader.ResolveAsync(question.Caller, cancel);
        if (principal.Value is not { } found)
        {
            return new AccessFacts { Principal = principal };
        }

        IReadOnlyList<BucketStatement>? policy = question.BucketPolicy is { } json ? BucketStatements.For(json, found) : null;
        IReadOnlyList<Right> rights = RegistryRights.For(question.Access, question.Driver, question.KeyArn);
        AwsAnswer<SimulationResult> needed = await SimulateAsync(rights.Select(r => new SimulatedRequest(r.Action, r.Sample, r.Context)));
        var facts = new AccessFacts { Principal = principal, Rights = rights, Needed = needed };
        if (needed.Failure is not null)
        {
            // What was refused for these would be for others.
            return facts with { Excess = needed };
        }

        if (!question.WithExcess)
        {
            return facts;
        }

        IReadOnlyList<ExcessRight> beyond = ExcessRights.For(found, question.Access, question.Driver, question.KeyArn);
        return facts with { Beyond = beyond, Excess = await SimulateAsync(beyond.Select(b => b.Request)) };

        Task<AwsAnswer<SimulationResult>> SimulateAsync(IEnumerable<SimulatedRequest> requests) => reader.SimulateAsync(
            new SimulationQuery(found, [.. requests.Select(request => request with { Context = WithCaller(request.Context, found) })], policy), cancel);
    }

    // Policies of buckets often speak to everybody but some.
    private static Dictionary<string, string> WithCaller(IReadOnlyDictionary<string, string> context, IamPrincipal principal) => new(context)
    {
        ["aws:PrincipalArn"] = principal.Arn,
        ["aws:PrincipalAccount"] = principal.Caller.Account,
    };
}
