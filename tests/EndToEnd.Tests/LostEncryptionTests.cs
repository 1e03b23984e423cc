using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A bucket that stops encrypting under a fleet that runs: everybody is told, and nobody is stopped.</summary>
public sealed class LostEncryptionTests(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    // The shortest interval that the resource takes, and the time to notice.
    private static readonly TimeSpan RepeatDeadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_bucket_that_stops_encrypting_is_told_once_while_pulls_go_on_until_it_encrypts_again()
    {
        Resource.Spec["access"] = "ReadWrite";
        Resource.Spec["validation"] = new JsonObject { ["interval"] = "1m" };
        await RollOutAsync();
        var image = await PushAsync(Server, "team/encrypted");
        var before = await DaemonSetAsync(Ct);

        await S3.RemoveDefaultEncryptionAsync(Bucket, Ct);
        await Resource.WaitForAsync("BucketEncrypted", "False", RepeatDeadline, Ct);

        await AssertMetricAsync("False");
        var after = await DaemonSetAsync(Ct);
        Assert.Equal((before!.Uid(), before.Generation()), (after?.Uid(), after?.Generation()));
        var pulled = await TestPod.RunAsync(Cluster, "pulls-go-on", Agent, image, Ct);
        Assert.Contains("Successfully pulled", pulled, StringComparison.Ordinal);
        await TestPod.DeleteAsync(Cluster, "pulls-go-on", Ct);
        // By now it has been looked at again and again: what fails is looked at in seconds.
        Assert.Equal(1, await CountWarningsAsync());

        await S3.EncryptByDefaultAsync(Bucket, Ct);
        await Resource.WaitForAsync("BucketEncrypted", "True", RepeatDeadline, Ct);
        await AssertMetricAsync("True");
        Assert.Equal(1, await CountWarningsAsync());
    }

    private async Task<int> CountWarningsAsync()
    {
        var events = await Cluster.Client.CoreV1.ListNamespacedEventAsync(
            Resource.Namespace, fieldSelector: $"involvedObject.name={Resource.Name},type=Warning,reason=NotEncrypted", cancellationToken: Ct);
        return events.Items.Sum(e => e.Count ?? 1);
    }

    private Task<string> AssertMetricAsync(string status) =>
        WaitForMetricAsync("localregistry_condition", "1", "type=\"BucketEncrypted\"", $"status=\"{status}\"");
}
