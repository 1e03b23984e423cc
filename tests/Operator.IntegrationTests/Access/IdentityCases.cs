using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.IntegrationTests.Access;

/// <summary>Who the registry is, against who it is meant to be.</summary>
internal static class IdentityCases
{
    private const string Check = "identity";
    private const string NodeCheck = "nodeIdentity";
    private const string Role = "arn:aws:iam::123456789012:role/registries/pull";
    private const string Session = "arn:aws:sts::123456789012:assumed-role/pull/session";
    private const string NodeSession = "arn:aws:sts::123456789012:assumed-role/eks-node/i-0123456789abcdef0";
    private const string OtherStore = "regionendpoint: 'https://store.example:9000'";

    public static IReadOnlyList<AccessCase> All { get; } =
    [
        new("A role in the ServiceAccount's annotation, and the registry has it", Check, CheckOutcome.Passed, Reasons.IdentityVerified)
        {
            Spec = Annotated,
            Report = _ => Told(Session, "web-identity", Role),
        },
        new("A role in the ServiceAccount's annotation, and the registry has another", Check, CheckOutcome.Failed, Reasons.WrongRole)
        {
            Spec = Annotated,
            Report = _ => Told("arn:aws:sts::123456789012:assumed-role/push/session", "web-identity", "arn:aws:iam::123456789012:role/push"),
        },
        new("A role of the same name in another account", Check, CheckOutcome.Failed, Reasons.WrongRole)
        {
            Spec = Annotated,
            Report = _ => Told("arn:aws:sts::210987654321:assumed-role/pull/session", "container", null),
        },
        new("A role in the annotation, but the webhook did not run when the pod was made", Check, CheckOutcome.Failed, Reasons.NodeRoleUsed)
        {
            Spec = Annotated,
            Report = _ => Told(NodeSession, "instance", null),
        },
        new("A role in the annotation, but the pod has no token for it", Check, CheckOutcome.Failed, Reasons.NodeRoleUsed)
        {
            Spec = Annotated,
            Report = _ => Told(NodeSession, "instance", Role),
        },
        new("A ServiceAccount of the user's own with a role, and the registry has it", Check, CheckOutcome.Passed, Reasons.IdentityVerified)
        {
            Report = _ => Told(Session, "web-identity", Role),
        },
        new("No credentials anywhere", Check, CheckOutcome.Unknown, Reasons.NotChecked)
        {
            Report = _ => new CheckReport("ReadOnly", null, [Asked(CheckOutcome.Failed, "no credentials: give the ServiceAccount a role, or name a credentials file in a Secret")]),
        },
        new("A role whose trust policy refuses the pod's token", Check, CheckOutcome.Unknown, Reasons.NotChecked)
        {
            Spec = Annotated,
            Report = _ => new CheckReport(
                "ReadOnly",
                new CheckIdentity(null, "web-identity", Role),
                [Asked(CheckOutcome.Failed, $"AWS STS in us-east-1 denies AssumeRoleWithWebIdentity for role {Role} (AccessDenied)")]),
        },
        new("STS does not answer", Check, CheckOutcome.Unknown, Reasons.IdentityUnknown)
        {
            Spec = Annotated,
            Report = _ => new CheckReport(
                "ReadOnly", new CheckIdentity(null, "web-identity", Role), [Asked(CheckOutcome.Unknown, "AWS STS in us-east-1 does not answer: it took too long")]),
        },
        new("Keys of a user, and STS cannot be reached", Check, CheckOutcome.Unknown, Reasons.IdentityUnknown)
        {
            Report = _ => new CheckReport("ReadOnly", new CheckIdentity(null, "profile"), [Asked(CheckOutcome.Skipped, "the token service cannot be reached")]),
        },
        new("A store without a call that says who asks", Check, CheckOutcome.Skipped, Reasons.NotSupportedByStore)
        {
            S3 = OtherStore,
            Report = _ => new CheckReport("ReadOnly", new CheckIdentity(null, "profile"), [Asked(CheckOutcome.Skipped, "the store has no token service")]),
        },
        new("A store with a token service that gives the role and does not say who asks", Check, CheckOutcome.Passed, Reasons.IdentityVerified)
        {
            S3 = OtherStore,
            Spec = Annotated,
            Report = _ => new CheckReport("ReadOnly", new CheckIdentity(null, "web-identity", Role), [Asked(CheckOutcome.Skipped, "the token service gave the role")]),
        },
        new("A credentials file in a Secret, and the registry uses it", Check, CheckOutcome.Passed, Reasons.IdentityVerified)
        {
            Spec = WithSecret,
            Report = _ => Told("arn:aws:iam::123456789012:user/registry", "profile", null),
        },
        new("A credentials file in a Secret, but the ServiceAccount has a role", Check, CheckOutcome.Failed, Reasons.OtherCredentials)
        {
            Spec = WithSecret,
            Report = _ => Told(Session, "web-identity", Role),
        },
        new("An optional credentials file in a Secret that is not there, and the ServiceAccount has a role", Check, CheckOutcome.Passed, Reasons.IdentityVerified)
        {
            Spec = spec => spec with { Credentials = new CredentialsSpec { SecretRef = new SecretKeyReference { Name = "docker-credentials", Optional = true } } },
            Report = _ => Told(Session, "web-identity", Role),
        },
        new("A role in spec.credentials.webIdentity, and the registry has it", Check, CheckOutcome.Passed, Reasons.IdentityVerified)
        {
            Spec = WithWebIdentity,
            Report = _ => Told(Session, "web-identity", Role),
        },
        new("A role in spec.credentials.webIdentity, and the registry has another", Check, CheckOutcome.Failed, Reasons.WrongRole)
        {
            Spec = WithWebIdentity,
            Report = _ => Told("arn:aws:sts::123456789012:assumed-role/push/session", "container", null),
        },
        new("A credentials file in a Secret, but keys in the configuration", Check, CheckOutcome.Failed, Reasons.OtherCredentials)
        {
            Spec = WithSecret,
            Report = _ => Told("arn:aws:iam::123456789012:user/registry", "config", null),
        },
        new("An EKS Pod Identity association", Check, CheckOutcome.Passed, Reasons.IdentityVerified) { Report = _ => Told(Session, "container", null) },
        new("No preflight has ended", Check, CheckOutcome.Unknown, Reasons.NotChecked) { Report = _ => null },
        new("Nothing asked for, and the node's role", NodeCheck, CheckOutcome.Failed, Reasons.NodeIdentityShared) { Report = _ => Told(NodeSession, "instance", null) },
        new("An EKS Pod Identity association", NodeCheck, CheckOutcome.Passed, Reasons.OwnIdentity) { Report = _ => Told(Session, "container", null) },
        new("A role asked for, and the node's role", NodeCheck, CheckOutcome.Skipped, Reasons.NotRequired)
        {
            Spec = Annotated,
            Report = _ => Told(NodeSession, "instance", null),
        },
        new("No preflight has ended", NodeCheck, CheckOutcome.Unknown, Reasons.NotChecked) { Report = _ => null },
    ];

    private static CheckReport Told(string arn, string source, string? role) =>
        new("ReadOnly", new CheckIdentity(arn, source, role), [Asked(CheckOutcome.Passed, $"the registry is {arn}")]);

    private static CheckResult Asked(CheckOutcome outcome, string message) => new("Identity", outcome, "sts:GetCallerIdentity", null, message);

    // IAM has no part in this.
    private static LocalRegistrySpec Annotated(LocalRegistrySpec spec) => spec with
    {
        ServiceAccount = new ServiceAccountSpec { Annotations = new Dictionary<string, string> { [RegistryServiceAccount.RoleAnnotation] = Role } },
        Validation = new ValidationSpec { Checks = new Dictionary<string, Severity> { ["permissions"] = Severity.Off, ["excessPermissions"] = Severity.Off } },
    };

    private static LocalRegistrySpec WithWebIdentity(LocalRegistrySpec spec) =>
        spec with { Credentials = new CredentialsSpec { WebIdentity = new WebIdentitySpec { RoleArn = Role } } };

    private static LocalRegistrySpec WithSecret(LocalRegistrySpec spec) =>
        spec with { Credentials = new CredentialsSpec { SecretRef = new SecretKeyReference { Name = "docker-credentials" } } };
}
