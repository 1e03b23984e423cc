using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.IntegrationTests.Cases;
using LocalRegistry.Testbed;
using static LocalRegistry.Operator.IntegrationTests.Preflight.PreflightScene;
using static LocalRegistry.Registry.Configuration.Check.CheckOutcome;

namespace LocalRegistry.Operator.IntegrationTests.Preflight;

/// <summary>A store that is not there, not well, or not as the configuration says.</summary>
internal static class StoreCases
{
    private static readonly Told Refused = Told.Proof(Failed, Reasons.PreflightFailed);
    private static readonly Told Inconclusive = Told.Proof(Unknown, Reasons.PreflightInconclusive);

    public static IReadOnlyList<PreflightCase> All { get; } =
    [
        new("No bucket of that name", UseAccountAsync, Refused),
        new(
            "Nothing listens at the store's endpoint",
            async scene =>
            {
                await UseAccountAsync(scene);
                scene.Endpoint = new Uri($"http://127.0.0.1:{FreePort.Find()}");
            },
            Inconclusive),
        new("The store takes requests and never answers", scene => UseAsync(scene, OddStore.StallingAsync(Cancel)), Inconclusive),
        new("The store answers 503 SlowDown", scene => UseAsync(scene, OddStore.BusyAsync(Cancel)), Inconclusive),
        new("The bucket is in another region", scene => UseAsync(scene, OddStore.RedirectingAsync(Cancel)), Refused),
        new("The store says that it does not know the access key", scene => UseAsync(scene, OddStore.RefusingKeysAsync(Cancel)), Refused),
        new(
            "The store has no KMS key of that name",
            async scene =>
            {
                await scene.CreateBucketAsync();
                await UseAccountAsync(scene);
                scene.Driver["keyid"] = "alias/unknown";
            },
            Refused) { Access = AccessMode.ReadWrite },
    ];

    private static Task UseAccountAsync(PreflightScene scene)
    {
        scene.UseSecret(S3Server.CredentialsFileOf(S3Account.AccessKey, S3Account.SecretKey));
        return Task.CompletedTask;
    }

    private static async Task UseAsync(PreflightScene scene, Task<OddStore> store)
    {
        await UseAccountAsync(scene);
        scene.Endpoint = scene.Own(await store).Endpoint;
    }
}
