using System.Diagnostics;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Keys that are replaced in their Secret and taken away at the store afterwards, while nodes pull.</summary>
public sealed class SecretRotationTests(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    // A kubelet looks at its Secrets once a minute or so.
    private static readonly TimeSpan MountDeadline = TimeSpan.FromMinutes(4);

    // The registry looks at the file every 15 s.
    private static readonly TimeSpan UntilTaken = TimeSpan.FromSeconds(17);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LogDeadline = TimeSpan.FromSeconds(30);

    private const string OldSecret = "the-old-secret-key-of-the-registry";
    private const string NewSecret = "the-new-secret-key-of-the-registry";

    private string OldKey => $"{Resource.Name}OLD";

    private string NewKey => $"{Resource.Name}NEW";

    [Fact]
    public async Task Keys_are_replaced_without_a_failed_request_and_are_told_nowhere()
    {
        var secret = $"{Resource.Name}-own";
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        await CreateUserAsync();
        await Product.PutSecretAsync(Cluster, secret, S3Server.CredentialsFileOf(OldKey, OldSecret), Ct);
        Resource.Spec["credentials"] = new JsonObject { ["secretRef"] = new JsonObject { ["name"] = secret } };
        Resource.Spec["access"] = "ReadWrite";
        Resource.Spec["validation"] = new JsonObject { ["interval"] = "1m" };
        await Resource.ApplyAsync(Ct);
        await WaitUntilReadyAsync();
        var image = await PushAsync(Server, "team/rotated");

        await Product.PutSecretAsync(Cluster, secret, S3Server.CredentialsFileOf(NewKey, NewSecret), Ct);
        await WaitUntilMountedAsync();
        await PullAsync(UntilTaken);
        await S3.AdminAsync(["key", "rm", "--uid", Resource.Name, "--key-type", "s3", "--access-key", OldKey], Ct);

        await PullAsync(TimeSpan.Zero);
        await TestPod.RunAsync(Cluster, "rotated", Agent, image, Ct);
        await TestPod.DeleteAsync(Cluster, "rotated", Ct);
        await AssertToldNowhereAsync();
    }

    private async Task CreateUserAsync()
    {
        await S3.AdminAsync(["user", "create", "--uid", Resource.Name, "--display-name", Resource.Name, "--access-key", OldKey, "--secret-key", OldSecret], Ct);
        await S3.AdminAsync(["key", "create", "--uid", Resource.Name, "--key-type", "s3", "--access-key", NewKey, "--secret-key", NewSecret], Ct);
        using var client = S3.CreateClient();
        await client.PutBucketPolicyAsync(
            Bucket,
            $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam:::user/{{Resource.Name}}"},"Action":"s3:*",
             "Resource":["arn:aws:s3:::{{Bucket}}","arn:aws:s3:::{{Bucket}}/*"]}]}
            """,
            Ct);
    }

    private async Task WaitUntilMountedAsync()
    {
        var pods = await Cluster.Client.CoreV1.ListNamespacedPodAsync(
            Resource.Namespace, labelSelector: $"app.kubernetes.io/instance={Resource.Name},app.kubernetes.io/component=registry", cancellationToken: Ct);
        Assert.Equal(Cluster.Nodes.Count, pods.Items.Count);
        await Task.WhenAll(pods.Items.Select(pod => Wait.UntilAsync(
            $"the new Secret in {pod.Name()}",
            token => Cluster.Nodes.Single(node => node.Name == pod.Spec.NodeName)
                .ExecAsync(["cat", $"/var/lib/kubelet/pods/{pod.Uid()}/volumes/kubernetes.io~secret/credentials/credentials"], token),
            file => file.Contains(NewKey, StringComparison.Ordinal),
            MountDeadline,
            Ct)));
    }

    /// <summary>Asks every node for what only the store knows, at least once, for as long as this takes; each must answer.</summary>
    private async Task PullAsync(TimeSpan duration)
    {
        using var pace = new PeriodicTimer(Pace);
        var began = Stopwatch.GetTimestamp();
        do
        {
            foreach (var node in Cluster.Nodes)
            {
                await node.RunInNetworkAsync("curl", ["--silent", "--fail", "--output", "/dev/null", $"http://{Registry}/v2/team/rotated/tags/list"], Ct);
            }
        }
        while (await pace.WaitForNextTickAsync(Ct) && Stopwatch.GetElapsedTime(began) < duration);
    }

    private async Task AssertToldNowhereAsync()
    {
        string[][] questions =
        [
            ["get", "configmaps,localregistries,daemonsets,jobs,pods,events,controllerrevisions", "--all-namespaces", "-o", "json"],
            Logs("app.kubernetes.io/component=operator"),
            Logs($"app.kubernetes.io/instance={Resource.Name}"),
        ];
        foreach (var question in questions)
        {
            // The log of a pod that goes just now cannot be had; the next time it is not asked for.
            var told = await Wait.UntilAsync("all that is told", token => Cluster.KubectlAsync(question, token), told => told.Length > 0, LogDeadline, Ct);
            Assert.All([OldSecret, NewSecret, OldKey, NewKey, S3Server.SecretKey], key => Assert.DoesNotContain(key, told, StringComparison.Ordinal));
        }
    }

    private static string[] Logs(string selector) => ["logs", "--namespace", Product.Namespace, $"--selector={selector}", "--tail=-1", "--max-log-requests=50"];
}
