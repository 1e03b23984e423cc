using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.IntegrationTests.Cases;
using static LocalRegistry.Operator.IntegrationTests.Preflight.PreflightScene;
using static LocalRegistry.Registry.Configuration.Check.CheckOutcome;

namespace LocalRegistry.Operator.IntegrationTests.Preflight;

/// <summary>A right that the registry's identity lacks, one at a time.</summary>
internal static class RightsCases
{
    private const string NoEncryptionNamed = """
        {"Sid":"DenyUnencrypted","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::BUCKET/*",
         "Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"} } }
        """;

    private const string Blobs = "myroot/docker/registry/v2/blobs/";
    private const string Aws = "User: arn:aws:sts::111122223333:assumed-role/registry/localregistry is not authorized to perform: ";
    private const string List = Aws + "s3:ListBucket on resource: \"arn:aws:s3:::docker-registry\" ";

    private static readonly Told Refused = Told.Proof(Failed, Reasons.PreflightFailed);

    public static IReadOnlyList<PreflightCase> All { get; } =
    [
        new("All that pulling needs", scene => LackingAsync(scene, "none", Pull), Told.Proof(Passed, Reasons.AccessProven)),
        new("All that pushing needs", scene => LackingAsync(scene, "none", Push), Told.Proof(Passed, Reasons.AccessProven)) { Access = AccessMode.ReadWrite },
        new("No s3:ListBucket", scene => LackingAsync(scene, "s3:ListBucket", Pull), Refused),
        new("s3:ListBucket for one prefix only, so that a missing object is answered with 403", scene => LackingAsync(scene, "none", Pull, Blobs), Refused),
        new("No s3:GetObject, and an image is there", scene => LackingAsync(scene, "s3:GetObject", Pull), Refused),
        new("No s3:PutObject, and nodes push", scene => LackingAsync(scene, "s3:PutObject", Push), Refused) { Access = AccessMode.ReadWrite },
        new("No s3:DeleteObject, and nodes push", scene => LackingAsync(scene, "s3:DeleteObject", Push), Refused) { Access = AccessMode.ReadWrite },
        new("No s3:AbortMultipartUpload, and nodes push", scene => LackingAsync(scene, "s3:AbortMultipartUpload", Push), Refused) { Access = AccessMode.ReadWrite },
        new(
            "The bucket's policy denies uploads that name no encryption, and encrypt is false",
            async scene =>
            {
                await scene.CreateBucketAsync(encrypted: false);
                await scene.PutPolicyAsync(NoEncryptionNamed);
                await scene.UseUserAsync(Push);
                scene.Driver["encrypt"] = false;
            },
            Refused) { Access = AccessMode.ReadWrite },
        new(
            "The bucket's policy denies the registry",
            async scene =>
            {
                await scene.CreateBucketAsync();
                await scene.PutPolicyAsync("""{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}""");
                await scene.PutImageAsync();
                await scene.UseUserAsync(Pull);
            },
            Refused),
        new("AWS says that no policy of the identity allows it", scene => DenyingAsync(scene, List + "because no identity-based policy allows the s3:ListBucket action"), Refused),
        new("AWS says that a permissions boundary does not allow it", scene => DenyingAsync(scene, List + "because no permissions boundary allows the s3:ListBucket action"), Refused),
        new(
            "AWS says that a service control policy denies it",
            scene => DenyingAsync(scene, List + "with an explicit deny in a service control policy: arn:aws:organizations::999988887777:policy/o-1/service_control_policy/p-1"),
            Refused),
        new("AWS says that the bucket's policy denies it", scene => DenyingAsync(scene, List + "with an explicit deny in a resource-based policy"), Refused),
        new("AWS says that the VPC endpoint's policy does not allow it", scene => DenyingAsync(scene, List + "because no VPC endpoint policy allows the s3:ListBucket action"), Refused),
        new(
            "AWS says that the KMS key may not be used",
            scene => DenyingAsync(
                scene,
                Aws + "kms:Decrypt on resource: arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555 because no resource-based policy allows the kms:Decrypt action"),
            Refused),
    ];

    private static async Task LackingAsync(PreflightScene scene, string lacking, string[] needed, string? prefix = null)
    {
        await scene.CreateBucketAsync();
        await scene.PutImageAsync();
        await scene.UseUserAsync(needed.Where(action => action != lacking), prefix);
    }

    private static async Task DenyingAsync(PreflightScene scene, string message)
    {
        scene.Endpoint = scene.Own(await OddStore.DenyingAsync(message, Cancel)).Endpoint;
        scene.UseSecret(Testbed.S3Server.CredentialsFileOf("AKIAREGISTRY", "the-other-secret"));
    }
}
