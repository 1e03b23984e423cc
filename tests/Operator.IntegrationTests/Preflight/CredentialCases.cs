using LocalRegistry.Operator.Api;
using LocalRegistry.Testbed;
using static LocalRegistry.Operator.IntegrationTests.Preflight.PreflightScene;
using static LocalRegistry.Registry.Configuration.Check.CheckOutcome;

namespace LocalRegistry.Operator.IntegrationTests.Preflight;

/// <summary>Every way in which a registry comes by its credentials, and each way in which it does not.</summary>
internal static class CredentialCases
{
    private static readonly Told Proven = Told.Proof(Passed, Reasons.AccessProven);
    private static readonly Told Refused = Told.Proof(Failed, Reasons.PreflightFailed);
    private static readonly Told NoIdentity = Told.Identity(Unknown, Reasons.NotChecked);
    private static readonly Told Verified = Told.Identity(Passed, Reasons.IdentityVerified);
    private static readonly Told OfItsOwn = Told.Node(Passed, Reasons.OwnIdentity);

    public static IReadOnlyList<PreflightCase> All { get; } =
    [
        new("A credentials file in the Secret, at a store that does not say who asks", SecretAsync, Proven, Told.Identity(Skipped, Reasons.NotSupportedByStore), OfItsOwn),
        new("A credentials file in the Secret, on AWS", SecretOnAwsAsync, Proven, Verified, OfItsOwn),
        new("Keys in the pod's environment, on AWS", EnvironmentAsync, Proven, Verified, OfItsOwn),
        new("A role by the ServiceAccount's annotation (IRSA)", AnnotationAsync, Proven, Verified, OfItsOwn) { Access = AccessMode.ReadWrite },
        new("A role by EKS Pod Identity", PodIdentityAsync, Proven, Verified, OfItsOwn),
        new("Nothing asked for, on a node with a role", NodeAsync, Proven, Verified, Told.Node(Failed, Reasons.NodeIdentityShared)),
        new(
            "A role asked for by annotation, and the pod has the node's",
            async scene =>
            {
                scene.AnnotatedRole = AwsEndpoints.Role;
                await NodeAsync(scene);
            },
            Proven,
            Told.Identity(Failed, Reasons.NodeRoleUsed),
            Told.Node(Skipped, Reasons.NotRequired)),
        new(
            "The same, at a store that does not say who asks",
            async scene =>
            {
                scene.AnnotatedRole = AwsEndpoints.Role;
                await NodeAsync(scene);
                scene.StayOffAws();
            },
            Told.Identity(Failed, Reasons.NodeRoleUsed)),
        new(
            "A credentials file in the Secret, and a role by the ServiceAccount's annotation in the cluster",
            async scene =>
            {
                await AnnotationAsync(scene);
                scene.AnnotatedRole = null;
                scene.UseSecret(S3Server.CredentialsFileOf("AKIAUNUSED", "unused"));
            },
            Proven,
            Told.Identity(Failed, Reasons.OtherCredentials)),
        new("No credentials anywhere", scene => scene.CreateBucketAsync(), Refused, NoIdentity, Told.Node(Skipped, Reasons.NotRequired)),
        new(
            "A Secret that may be absent and is, and no role either",
            async scene =>
            {
                await scene.CreateBucketAsync();
                scene.UseSecret(null, optional: true);
            },
            Refused),
        new("A credentials file without the profile", scene => FileAsync(scene, "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = the-other-secret\n"), Refused),
        new("A credentials file that is none", scene => FileAsync(scene, "AKIAOTHER:the-other-secret\n"), Refused),
        new("The secret key is another one's", scene => FileAsync(scene, S3Server.CredentialsFileOf(S3Account.AccessKey, "not-the-secret")), Refused),
        new("The store does not know the access key", scene => FileAsync(scene, S3Server.CredentialsFileOf("AKIAUNKNOWN", "the-other-secret")), Refused),
        new("AWS does not know the access key", scene => RefusedByStsAsync(scene, "InvalidClientTokenId"), Refused),
        new("On AWS, the secret key is another one's", scene => RefusedByStsAsync(scene, "SignatureDoesNotMatch"), Refused),
        new("On AWS, the keys have expired", scene => RefusedByStsAsync(scene, "ExpiredToken"), Refused),
        new(
            "Keys of a user, and AWS's token service does not answer",
            async scene =>
            {
                await SecretOnAwsAsync(scene);
                scene.Environment["AWS_ENDPOINT_URL_STS"] = $"http://127.0.0.1:{FreePort.Find()}";
            },
            Proven,
            Told.Identity(Unknown, Reasons.IdentityUnknown)),
        new(
            "The Pod Identity agent refuses",
            async scene =>
            {
                await PodIdentityAsync(scene);
                scene.Token = "another-token";
            },
            Refused),
        new(
            "The Pod Identity agent does not answer",
            async scene =>
            {
                await PodIdentityAsync(scene);
                scene.Environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = $"http://127.0.0.1:{FreePort.Find()}/v1/credentials";
            },
            Told.Proof(Unknown, Reasons.PreflightInconclusive),
            Told.Identity(Unknown, Reasons.IdentityUnknown)),
    ];

    private static async Task SecretAsync(PreflightScene scene)
    {
        await scene.CreateBucketAsync();
        await scene.UseUserAsync(Pull);
    }

    private static async Task SecretOnAwsAsync(PreflightScene scene)
    {
        await SecretAsync(scene);
        await scene.MoveToAwsAsync();
    }

    private static async Task EnvironmentAsync(PreflightScene scene)
    {
        await SecretOnAwsAsync(scene);
        string[] file = scene.CredentialsFile!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        scene.Environment["AWS_ACCESS_KEY_ID"] = file[1].Split('=')[1].Trim();
        scene.Environment["AWS_SECRET_ACCESS_KEY"] = file[2].Split('=')[1].Trim();
        scene.Credentials = null;
    }

    // What the webhook of EKS does to a pod.
    private static async Task AnnotationAsync(PreflightScene scene)
    {
        await scene.CreateBucketAsync();
        await scene.MoveToAwsAsync(Push);
        scene.AnnotatedRole = AwsEndpoints.Role;
        scene.Token = AwsEndpoints.WebIdentityToken;
        scene.Environment["AWS_ROLE_ARN"] = AwsEndpoints.Role;
        scene.Environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = $"{Mount}/token";
        scene.Environment["AWS_REGION"] = "us-east-1";
    }

    private static async Task PodIdentityAsync(PreflightScene scene)
    {
        await scene.CreateBucketAsync();
        AwsEndpoints aws = await scene.MoveToAwsAsync(Pull);
        scene.Token = AwsEndpoints.PodIdentityToken;
        scene.Environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = aws.PodIdentityUrl;
        scene.Environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = $"{Mount}/token";
    }

    private static async Task NodeAsync(PreflightScene scene)
    {
        await scene.CreateBucketAsync();
        AwsEndpoints aws = await scene.MoveToAwsAsync(Pull);
        scene.Environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = aws.Url;
    }

    private static async Task FileAsync(PreflightScene scene, string file)
    {
        await scene.CreateBucketAsync();
        scene.UseSecret(file);
    }

    private static async Task RefusedByStsAsync(PreflightScene scene, string code)
    {
        await FileAsync(scene, S3Server.CredentialsFileOf("AKIAOTHER", "the-other-secret"));
        await scene.MoveToAwsAsync(refusal: code);
    }
}
