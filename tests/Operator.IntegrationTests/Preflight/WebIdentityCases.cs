using LocalRegistry.Operator.Api;
using LocalRegistry.Testbed;
using static LocalRegistry.Operator.IntegrationTests.Preflight.PreflightScene;
using static LocalRegistry.Registry.Configuration.Check.CheckOutcome;

namespace LocalRegistry.Operator.IntegrationTests.Preflight;

/// <summary>A role by <c>spec.credentials.webIdentity</c>, at a token service that looks at issuer, audience, subject, expiry and signature.</summary>
internal static class WebIdentityCases
{
    private const string Subject = "system:serviceaccount:local-registry:registry";

    private static readonly Told Refused = Told.Proof(Failed, Reasons.PreflightFailed);

    // Long ago, so that it is the same time in each run.
    private static readonly DateTimeOffset Expired = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<PreflightCase> All { get; } =
    [
        new(
            "A role by spec.credentials.webIdentity",
            scene => SetUpAsync(scene, (signer, issuer) => signer.Sign(issuer, Subject)),
            Told.Proof(Passed, Reasons.AccessProven),
            Told.Identity(Passed, Reasons.IdentityVerified),
            Told.Node(Passed, Reasons.OwnIdentity)) { Access = AccessMode.ReadWrite },
        new("The token is for another audience", scene => SetUpAsync(scene, (signer, issuer) => signer.Sign(issuer, Subject, "another.example.com")), Refused),
        new(
            "The role trusts another ServiceAccount",
            scene => SetUpAsync(scene, (signer, issuer) => signer.Sign(issuer, "system:serviceaccount:local-registry:another")),
            Refused),
        new("The token has expired", scene => SetUpAsync(scene, (signer, issuer) => signer.Sign(issuer, Subject, expires: Expired)), Refused),
        new(
            "The token is of a cluster that no OIDC provider is known for",
            scene => SetUpAsync(scene, (signer, _) => signer.Sign("https://other.example.com", Subject)),
            Refused),
        new("No token is projected", scene => SetUpAsync(scene, (_, _) => null), Refused),
        new(
            "The token service does not answer",
            async scene =>
            {
                await SetUpAsync(scene, (signer, issuer) => signer.Sign(issuer, Subject));
                string closed = $"127.0.0.1:{FreePort.Find()}";
                scene.Credentials = new CredentialsSpec { WebIdentity = scene.Credentials!.WebIdentity! with { StsEndpoint = $"http://{closed}" } };
                scene.Show($"http://{closed}", "https://sts.example.com");
                scene.Show(closed, "sts.example.com:443");
            },
            Told.Proof(Unknown, Reasons.PreflightInconclusive),
            Told.Identity(Unknown, Reasons.IdentityUnknown)),
        new(
            "AWS_ROLE_ARN in the pod's environment, and no token",
            async scene =>
            {
                await scene.CreateBucketAsync();
                scene.AnnotatedRole = AwsEndpoints.Role;
                scene.Environment["AWS_ROLE_ARN"] = AwsEndpoints.Role;
            },
            Refused),
    ];

    private static async Task SetUpAsync(PreflightScene scene, Func<TokenSigner, string, string?> sign)
    {
        S3Server s3 = scene.Aws.S3;
        using var signer = new TokenSigner();
        WebIdentityProvider provider = await WebIdentityProvider.CreateAsync(s3, $"oidc-{Guid.NewGuid():N}", signer.Keys, Cancel);
        // Of another account than the role's.
        await s3.CreateBucketAsync(scene.Bucket, encrypted: true, Cancel);
        string name = $"r-{Guid.NewGuid():N}";
        string role = await provider.CreateRoleAsync(name, Subject, scene.Bucket, Cancel);
        scene.Credentials = new CredentialsSpec { WebIdentity = new WebIdentitySpec { RoleArn = role } };
        scene.Token = sign(signer, provider.Issuer);
        scene.Show(role, AwsEndpoints.Role);
        scene.Show(provider.Issuer["https://".Length..], "oidc.example.com");
    }
}
