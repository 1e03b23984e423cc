using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Testbed;

namespace LocalRegistry.Operator.IntegrationTests.Access;

/// <summary>Where IAM does not say what the registry may do.</summary>
internal static class IamCases
{
    private const string Check = "permissions";

    public static IReadOnlyList<AccessCase> All { get; } =
    [
        new("The operator may not simulate", Check, CheckOutcome.Unknown, Reasons.CheckNotPermitted)
        {
            OperatorKey = IamSimulator.WithoutSimulate,
            Identity = made => made.RoleAsync(),
        },
        new("The operator may not read roles", Check, CheckOutcome.Unknown, Reasons.CheckNotPermitted)
        {
            OperatorKey = IamSimulator.WithoutGetRole,
            Identity = made => made.RoleAsync(),
        },
        new("A role that was deleted while its session goes on", Check, CheckOutcome.Failed, Reasons.IdentityNotFound)
        {
            Identity = made => Task.FromResult<string?>(made.Session),
        },
        new("IAM cannot be reached", Check, CheckOutcome.Unknown, Reasons.IamUnreachable)
        {
            Iam = aws => aws.Closed,
            Identity = made => Task.FromResult<string?>(made.Session),
        },
        new("IAM fails", Check, CheckOutcome.Unknown, Reasons.IamUnreachable)
        {
            Iam = aws => aws.Failing,
            Identity = made => Task.FromResult<string?>(made.Session),
        },
        new("IAM is asked too often", Check, CheckOutcome.Unknown, Reasons.IamUnreachable)
        {
            Iam = aws => aws.Throttling,
            Identity = made => Task.FromResult<string?>(made.Session),
        },
        new("IAM does not know the operator's access key", Check, CheckOutcome.Unknown, Reasons.CredentialsRefused)
        {
            Iam = aws => aws.Refusing,
            Identity = made => Task.FromResult<string?>(made.Session),
        },
        new("An IAM without policy simulation", Check, CheckOutcome.Skipped, Reasons.NotSupportedByStore)
        {
            Iam = aws => aws.Plain,
            Identity = made => Task.FromResult<string?>("arn:aws:iam::123456789012:user/registry"),
        },
        new("A role of another account", Check, CheckOutcome.Unknown, Reasons.NotSimulatable)
        {
            Identity = _ => Task.FromResult<string?>("arn:aws:sts::210987654321:assumed-role/pull/session"),
        },
        new("A user of another account", Check, CheckOutcome.Unknown, Reasons.NotSimulatable)
        {
            Identity = _ => Task.FromResult<string?>("arn:aws:iam::210987654321:user/registry"),
        },
        new("The account's root user", Check, CheckOutcome.Unknown, Reasons.NotSimulatable)
        {
            Identity = _ => Task.FromResult<string?>("arn:aws:iam::123456789012:root"),
        },
        new("A federated user", Check, CheckOutcome.Unknown, Reasons.NotSimulatable)
        {
            Identity = _ => Task.FromResult<string?>("arn:aws:sts::123456789012:federated-user/registry"),
        },
        new("A user that was deleted", Check, CheckOutcome.Failed, Reasons.IdentityNotFound)
        {
            Identity = _ => Task.FromResult<string?>("arn:aws:iam::123456789012:user/nobody"),
        },
        new("Nobody knows yet who the registry is", Check, CheckOutcome.Unknown, Reasons.NotChecked) { Report = _ => null },
        new("No preflight yet, and a role in the ServiceAccount's annotation", Check, CheckOutcome.Failed, Reasons.IdentityNotFound)
        {
            Report = _ => null,
            Spec = spec => spec with
            {
                ServiceAccount = new ServiceAccountSpec
                {
                    Annotations = new Dictionary<string, string> { [RegistryServiceAccount.RoleAnnotation] = "arn:aws:iam::123456789012:role/misspelt" },
                },
            },
        },
        new("A store that is not AWS", Check, CheckOutcome.Skipped, Reasons.NotSupportedByStore)
        {
            S3 = "regionendpoint: 'https://store.example:9000'",
            Identity = _ => Task.FromResult<string?>("arn:aws:iam:::user/registry"),
        },
    ];
}
