using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A preflight whose Secret is not there, or not what it should be, and one whose pod is evicted.</summary>
public sealed class JobSecretTests(BedFixture bed, ITestOutputHelper output) : JobTest(bed, output)
{
    private string Secret => $"{Resource.Name}-own";

    [Fact]
    public async Task A_Secret_that_is_missing_and_one_without_the_key_are_told_until_it_is_there()
    {
        await ApplyAsync(optional: false);

        await AssertToldAsync("The Secret does not exist", "PreflightCannotStart", CheckDeadline);
        await Product.PutSecretAsync(Cluster, Secret, S3Server.CredentialsFile, Ct, key: "another-key");
        await Wait.UntilAsync(
            "the key to be missed",
            async token => (await Resource.ChecksAsync(token)).Single(c => c.Name == "liveProof").Message,
            message => message.Contains("key", StringComparison.Ordinal),
            CheckDeadline,
            Ct);
        await AssertToldAsync("The Secret lacks the key", "PreflightCannotStart", CheckDeadline);

        await Product.PutSecretAsync(Cluster, Secret, S3Server.CredentialsFile, Ct);
        await WaitUntilReadyAsync();
    }

    [Fact]
    public async Task A_Secret_that_may_be_absent_leaves_the_registry_to_look_for_a_role_and_to_say_that_there_is_none()
    {
        await ApplyAsync(optional: true);

        var check = await AssertToldAsync("The Secret may be absent and is, and nothing gives a role", "PreflightFailed", CheckDeadline);
        Assert.Contains("no credentials: give the ServiceAccount a role, or put a credentials file into the Secret that spec.credentials.secretRef names", check.Message, StringComparison.Ordinal);

        await Product.PutSecretAsync(Cluster, Secret, S3Server.CredentialsFile, Ct);
        await WaitUntilReadyAsync();
    }

    [Fact]
    public async Task A_pod_that_is_evicted_is_told_and_tried_again()
    {
        await ApplyAsync(optional: false);
        await Resource.WaitForCheckAsync("liveProof", "PreflightCannotStart", CheckDeadline, Ct);

        await EvictAsync();
        await AssertToldAsync("The preflight's pod is evicted", "PreflightFailed", CheckDeadline);

        await Product.PutSecretAsync(Cluster, Secret, S3Server.CredentialsFile, Ct);
        await WaitUntilReadyAsync();
    }

    // As a kubelet does it that runs out of something.
    private async Task EvictAsync()
    {
        var pods = await Cluster.Client.CoreV1.ListNamespacedPodAsync(
            Resource.Namespace, labelSelector: $"app.kubernetes.io/instance={Resource.Name},app.kubernetes.io/component=preflight", cancellationToken: Ct);
        var pod = Assert.Single(pods.Items);
        var evicted = new V1Patch(
            new { status = new { phase = "Failed", reason = "Evicted", message = "The node was low on resource: memory." } }, V1Patch.PatchType.MergePatch);
        await Cluster.Client.CoreV1.PatchNamespacedPodStatusAsync(evicted, pod.Name(), Resource.Namespace, cancellationToken: Ct);
    }

    private async Task ApplyAsync(bool optional)
    {
        Resource.Spec["credentials"] = new JsonObject { ["secretRef"] = new JsonObject { ["name"] = Secret, ["key"] = "credentials", ["optional"] = optional } };
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        await Resource.ApplyAsync(Ct);
    }
}
