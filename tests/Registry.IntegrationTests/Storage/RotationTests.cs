using System.Diagnostics;
using System.Net;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Storage;

/// <summary>Keys that are replaced in a Secret, and then taken away at the store.</summary>
public sealed class RotationTests(S3Fixture s3)
{
    // The registry looks at the file every 15 s.
    private static readonly TimeSpan UntilTaken = TimeSpan.FromSeconds(17);
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_keys_can_be_deleted_once_the_Secret_was_replaced_and_no_request_fails()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        string user = $"u{Guid.NewGuid():N}";
        await s3.Server.AdminAsync(["user", "create", "--uid", user, "--display-name", user, "--access-key", $"{user}OLD", "--secret-key", "old"], Token);
        await s3.Server.AdminAsync(["key", "create", "--uid", user, "--key-type", "s3", "--access-key", $"{user}NEW", "--secret-key", "new"], Token);
        string policy = $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam:::user/{{user}}"},"Action":"s3:*",
             "Resource":["arn:aws:s3:::{{bucket}}","arn:aws:s3:::{{bucket}}/*"]}]}
            """;
        await s3.Client.PutBucketPolicyAsync(bucket, policy, Token);
        var files = new RegistryFiles(RegistryFiles.DockerConfig(s3, bucket), null);
        await MountAsync(files, "..1", S3Server.CredentialsFileOf($"{user}OLD", "old"));
        File.CreateSymbolicLink(files.Credentials, Path.Combine("..data", "credentials"));
        await using RegistryProcess registry = await RegistryProcess.StartAsync(files);
        await AssertServesAsync(registry, TimeSpan.Zero);

        await MountAsync(files, "..2", S3Server.CredentialsFileOf($"{user}NEW", "new"));
        await AssertServesAsync(registry, UntilTaken);
        await s3.Server.AdminAsync(["key", "rm", "--uid", user, "--key-type", "s3", "--access-key", $"{user}OLD"], Token);

        await AssertServesAsync(registry, Afterwards);
    }

    // As the kubelet does: a new folder, then another target for the link, at once.
    private static async Task MountAsync(RegistryFiles files, string version, string credentials)
    {
        string mount = Path.GetDirectoryName(files.Credentials)!;
        DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(mount, version));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "credentials"), credentials, Token);
        string link = Path.Combine(mount, $"{version}link");
        File.CreateSymbolicLink(link, version);
        await CommandLine.RunAsync("mv", ["--force", "--no-target-directory", link, Path.Combine(mount, "..data")], Token);
    }

    /// <summary>Asks for what only the store knows, at least once, for as long as this takes.</summary>
    private static async Task AssertServesAsync(RegistryProcess registry, TimeSpan duration)
    {
        using var client = new HttpClient();
        using var pace = new PeriodicTimer(Pace);
        long began = Stopwatch.GetTimestamp();
        do
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://{registry.Address}/v2/_catalog"), Token);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode} after {Stopwatch.GetElapsedTime(began)}\n{registry.Log}");
        }
        while (Stopwatch.GetElapsedTime(began) < duration && await pace.WaitForNextTickAsync(Token));
    }
}
