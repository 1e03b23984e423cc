using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Testbed;

namespace LocalRegistry.Operator.IntegrationTests.Access;

/// <summary>What the policies give beyond need.</summary>
internal static class ExcessCases
{
    private const string Check = "excessPermissions";
    private const string Key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
    private const string Everything = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    public static IReadOnlyList<AccessCase> All { get; } =
    [
        new("A registry for pulls with what pulling needs", Check, CheckOutcome.Passed, Reasons.LeastPrivilege) { Identity = made => made.RoleAsync() },
        new("A registry for pushes with what pushing needs", Check, CheckOutcome.Passed, Reasons.LeastPrivilege)
        {
            Access = AccessMode.ReadWrite,
            S3 = $"encrypt: true, keyid: '{Key}'",
            Identity = made => made.RoleAsync(),
        },
        new("A registry for pulls that may push and delete", Check, CheckOutcome.Failed, Reasons.ExcessPermissions)
        {
            Identity = made => made.RoleAsync(
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::docker-registry"},{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject","s3:AbortMultipartUpload"],"Resource":"arn:aws:s3:::docker-registry/docker/registry/v2/*"}]}"""),
        },
        new("A registry that may do all in its bucket", Check, CheckOutcome.Failed, Reasons.ExcessPermissions)
        {
            Access = AccessMode.ReadWrite,
            Identity = made => made.RoleAsync(
                """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::docker-registry","arn:aws:s3:::docker-registry/*"]}]}"""),
        },
        new("A registry that may read every bucket", Check, CheckOutcome.Failed, Reasons.ExcessPermissions)
        {
            Identity = async made =>
            {
                string? session = await made.RoleAsync(null);
                await made.AttachAsync("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*"}]}""");
                return session;
            },
        },
        new("A registry that may do everything", Check, CheckOutcome.Failed, Reasons.ExcessPermissions)
        {
            S3 = $"encrypt: true, keyid: '{Key}'",
            Identity = made => made.RoleAsync(Everything),
        },
        new("A user that may do everything", Check, CheckOutcome.Failed, Reasons.ExcessPermissions) { Identity = made => made.UserAsync(Everything) },
        new("A registry that may do everything within a boundary of what it needs", Check, CheckOutcome.Passed, Reasons.LeastPrivilege)
        {
            Identity = async made =>
            {
                string? session = await made.RoleAsync(Everything);
                await made.BoundAsync(made.Case.AllNeeded);
                return session;
            },
        },
        new("The operator may not simulate", Check, CheckOutcome.Unknown, Reasons.CheckNotPermitted)
        {
            OperatorKey = IamSimulator.WithoutSimulate,
            Identity = made => made.RoleAsync(),
        },
    ];
}
