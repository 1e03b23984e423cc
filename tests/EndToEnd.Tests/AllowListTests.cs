using System.Text.Json.Nodes;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary><c>spec.repositories</c>: what is not listed is as good as absent.</summary>
public sealed class AllowListTests(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    [Fact]
    public async Task What_is_listed_is_pulled_and_all_else_is_not_found()
    {
        Resource.Spec["repositories"] = new JsonArray("team/*", "shared/base");
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        string[] images = ["team/app:1", "shared/base:1", "shared/other:1"];
        foreach (var image in images)
        {
            await PutImageAsync(image);
        }

        await Resource.ApplyAsync(Ct);
        await WaitUntilReadyAsync();

        var pod = $"{Resource.Name}-listed";
        foreach (var image in new[] { "team/app:1", "shared/base:1" })
        {
            var pulled = await TestPod.RunAsync(Cluster, pod, Agent, $"{Registry}/{image}", Ct);
            Assert.Contains("Successfully pulled", pulled, StringComparison.Ordinal);
        }

        var failed = await TestPod.FailToPullAsync(Cluster, pod, Agent, $"{Registry}/shared/other:1", new TestPodOptions(), Ct);
        await TestPod.DeleteAsync(Cluster, pod, Ct);
        Assert.Contains("not found", failed, StringComparison.Ordinal);
        Assert.Equal(["404", "200"], await StatusAsync("shared/other/manifests/1", "shared/base/manifests/1"));
    }

    private async Task<List<string>> StatusAsync(params IEnumerable<string> paths)
    {
        var seen = new List<string>();
        foreach (var path in paths)
        {
            string[] question = ["--silent", "--output", "/dev/null", "--write-out", "%{http_code}", $"http://{Registry}/v2/{path}"];
            seen.Add((await Agent.RunInNetworkAsync("curl", question, Ct)).Output);
        }

        return seen;
    }
}
