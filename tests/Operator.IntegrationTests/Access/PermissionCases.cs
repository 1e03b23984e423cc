using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.IntegrationTests.Access;

/// <summary>What the policies give and lack.</summary>
internal static class PermissionCases
{
    private const string Check = "permissions";
    private const string Allow = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":ACTIONS,"Resource":"*"}]}""";
    private const string Key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";

    private const string DenyPlaintext =
        """{"Version":"2012-10-17","Statement":[{"Sid":"TlsOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::docker-registry","arn:aws:s3:::docker-registry/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}""";

    private const string DenyOtherNetworks =
        """{"Version":"2012-10-17","Statement":[{"Sid":"VpcOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::docker-registry","arn:aws:s3:::docker-registry/*"],"Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"}}}]}""";

    private const string DenyUnencrypted =
        """{"Version":"2012-10-17","Statement":[{"Sid":"Encrypt only","Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::docker-registry/*","Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}}]}""";

    private const string DenyOthers =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::docker-registry","arn:aws:s3:::docker-registry/*"],"Condition":{"StringNotLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/admins/*"}}}]}""";

    private const string SparesOthers =
        """{"Version":"2012-10-17","Statement":[{"Sid":"Admins","Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::123456789012:root","arn:aws:iam::123456789012:role/admin"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::docker-registry/*"}]}""";

    private const string AllowEverybody =
        """{"Version":"2012-10-17","Statement":[{"Sid":"Pull","Effect":"Allow","Principal":"*","Action":["s3:ListBucket","s3:GetObject"],"Resource":["arn:aws:s3:::docker-registry","arn:aws:s3:::docker-registry/*"]}]}""";

    private const string Unreadable =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::docker-registry/*","Condition":"none"}]}""";

    public static IReadOnlyList<AccessCase> All { get; } =
    [
        new("A role with all that pulling needs", Check, CheckOutcome.Passed, Reasons.PermissionsGranted) { Identity = made => made.RoleAsync() },
        new("A role with all that pushing needs", Check, CheckOutcome.Passed, Reasons.PermissionsGranted)
        {
            Access = AccessMode.ReadWrite,
            Identity = made => made.RoleAsync(),
        },
        new("A user with all that pulling needs", Check, CheckOutcome.Passed, Reasons.PermissionsGranted) { Identity = made => made.UserAsync(made.Case.AllNeeded) },
        new("A role without policies", Check, CheckOutcome.Failed, Reasons.PermissionMissing) { Identity = made => made.RoleAsync(null) },
        new("A role that may not list the bucket", Check, CheckOutcome.Failed, Reasons.PermissionMissing)
        {
            Identity = made => made.RoleAsync(Allow.Replace("ACTIONS", "\"s3:GetObject\"", StringComparison.Ordinal)),
        },
        new("A role that may list under a prefix only", Check, CheckOutcome.Failed, Reasons.PermissionMissing)
        {
            Identity = made => made.RoleAsync(
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"StringLike":{"s3:prefix":"docker/registry/v2/*"}}}]}"""),
        },
        new("A role that may read another folder only", Check, CheckOutcome.Failed, Reasons.PermissionMissing)
        {
            S3 = "rootdirectory: /team-b",
            Identity = made => made.RoleAsync(
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::docker-registry/team-a/*"},{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}"""),
        },
        new("A registry for pushes whose role may only pull", Check, CheckOutcome.Failed, Reasons.PermissionMissing)
        {
            Access = AccessMode.ReadWrite,
            Identity = made => made.RoleAsync(Allow.Replace("ACTIONS", """["s3:ListBucket","s3:GetObject"]""", StringComparison.Ordinal)),
        },
        new("A KMS key that no policy of the role names, so that its own policy decides", Check, CheckOutcome.Passed, Reasons.PermissionsGranted)
        {
            S3 = $"encrypt: true, keyid: '{Key}'",
            Identity = made => made.RoleAsync(Allow.Replace("ACTIONS", "\"s3:*\"", StringComparison.Ordinal)),
        },
        new("A KMS key that the role may use", Check, CheckOutcome.Passed, Reasons.PermissionsGranted)
        {
            S3 = $"encrypt: true, keyid: '{Key}'",
            Access = AccessMode.ReadWrite,
            Identity = made => made.RoleAsync(),
        },
        new("A KMS key by its alias that the role may use", Check, CheckOutcome.Passed, Reasons.PermissionsGranted)
        {
            S3 = "encrypt: true, keyid: alias/registry",
            Access = AccessMode.ReadWrite,
            Identity = made => made.RoleAsync(),
        },
        new("An attached policy that denies reading", Check, CheckOutcome.Failed, Reasons.DeniedByPolicy)
        {
            Identity = async made =>
            {
                string? session = await made.RoleAsync();
                await made.AttachAsync("""{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::docker-registry/*"}]}""");
                return session;
            },
        },
        new("A permissions boundary that leaves reading out", Check, CheckOutcome.Failed, Reasons.DeniedByBoundary)
        {
            Identity = async made =>
            {
                string? session = await made.RoleAsync();
                await made.BoundAsync(Allow.Replace("ACTIONS", "\"s3:List*\"", StringComparison.Ordinal));
                return session;
            },
        },
        new("A service control policy that leaves S3 out", Check, CheckOutcome.Failed, Reasons.DeniedByOrganization)
        {
            Identity = async made =>
            {
                string? session = await made.RoleAsync();
                await made.GovernAsync(Allow.Replace("ACTIONS", "\"ec2:*\"", StringComparison.Ordinal));
                return session;
            },
        },
        new("A bucket policy that denies all roles but others", Check, CheckOutcome.Failed, Reasons.DeniedByBucketPolicy)
        {
            Policy = DenyOthers,
            Identity = made => made.RoleAsync(),
        },
        new("A bucket policy that spares others (NotPrincipal)", Check, CheckOutcome.Failed, Reasons.DeniedByBucketPolicy)
        {
            Policy = SparesOthers,
            Identity = made => made.RoleAsync(),
        },
        new("A bucket policy that denies plain text, and secure is true", Check, CheckOutcome.Passed, Reasons.PermissionsGranted)
        {
            Policy = DenyPlaintext,
            Identity = made => made.RoleAsync(),
        },
        new("A bucket policy that denies plain text, and secure is false", Check, CheckOutcome.Failed, Reasons.DeniedByBucketPolicy)
        {
            S3 = "secure: false",
            Policy = DenyPlaintext,
            Identity = made => made.RoleAsync(),
        },
        new("A bucket policy that denies unencrypted uploads, and encrypt is false", Check, CheckOutcome.Failed, Reasons.DeniedByBucketPolicy)
        {
            Access = AccessMode.ReadWrite,
            Policy = DenyUnencrypted,
            Identity = made => made.RoleAsync(),
        },
        new("A bucket policy that denies unencrypted uploads, and encrypt is true", Check, CheckOutcome.Passed, Reasons.PermissionsGranted)
        {
            S3 = "encrypt: true",
            Access = AccessMode.ReadWrite,
            Policy = DenyUnencrypted,
            Identity = made => made.RoleAsync(),
        },
        new("A bucket policy that allows what the role's own policies do not", Check, CheckOutcome.Passed, Reasons.PermissionsGranted)
        {
            Policy = AllowEverybody,
            Identity = made => made.RoleAsync(null),
        },
        new("A bucket policy for one VPC endpoint, and no preflight yet", Check, CheckOutcome.Failed, Reasons.DeniedByBucketPolicy)
        {
            Policy = DenyOtherNetworks,
            Identity = made => made.RoleAsync(),
        },
        new("A bucket policy for one VPC endpoint, and the preflight listed the bucket through it", Check, CheckOutcome.Passed, Reasons.PermissionsGranted)
        {
            Policy = DenyOtherNetworks,
            Identity = made => made.RoleAsync(),
            Report = arn => new CheckReport(
                "ReadOnly", new CheckIdentity(arn, "web-identity"), [new CheckResult("ListBucket", CheckOutcome.Passed, "s3:ListBucket", "arn:aws:s3:::docker-registry", "")]),
        },
        new("A bucket policy that the operator could not read", Check, CheckOutcome.Passed, Reasons.PermissionsGranted)
        {
            KnowsBucketPolicy = false,
            Identity = made => made.RoleAsync(),
        },
        new("A bucket policy that IAM does not understand", Check, CheckOutcome.Passed, Reasons.PermissionsGranted)
        {
            Policy = Unreadable,
            Identity = made => made.RoleAsync(),
        },
    ];
}
