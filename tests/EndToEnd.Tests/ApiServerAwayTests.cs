using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A node that cannot reach the API server, with all that runs on it in the middle of a restart: what it needs lies on the node.</summary>
[Collection(nameof(ClusterAlone))]
public sealed class ApiServerAwayTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    private static readonly TimeSpan RestartDeadline = TimeSpan.FromMinutes(2);

    private string Image => $"{Host}/team/app:1";

    private string StaticPod => $"{Resource.Name}-static";

    private string Manifest => $"{Node.StaticPodsFolder}/{StaticPod}.yaml";

    [Fact]
    public async Task A_node_without_the_API_server_starts_its_registry_again_and_pulls_through_it()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        await PutImageAsync("team/app:1");
        Mirror(Host);
        await Resource.ApplyAsync(Ct);
        await WaitUntilMirroredAsync();
        var told = await ToldAsync(Host, Agent, Ct);

        await Agent.CutOffAsync(Server, Ct);
        try
        {
            await RestartAsync("registry");
            await RestartAsync("node-config");
            await NodeFiles.WriteAsync(Agent, Manifest, $"""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: {StaticPod}
                  namespace: default
                spec:
                  containers:
                  - name: main
                    image: {Image}
                """, Ct);
            await Wait.UntilAsync(
                "the static pod to run", token => Agent.RunningAsync(StaticPod, "main", token), containers => containers.Count == 1, RestartDeadline, Ct);
            Assert.Equal(told, await ToldAsync(Host, Agent, Ct));
        }
        finally
        {
            await Agent.ReconnectAsync(Server, CancellationToken.None);
            NodeFiles.Delete(Agent, Manifest);
        }

        await WaitUntilMirroredAsync();
        await PullAsync(Agent, Image);
    }

    private async Task RestartAsync(string container)
    {
        var before = Assert.Single(await Agent.RunningAsync(Resource.Name, container, Ct));
        await Agent.KillAsync(before, Ct);
        await Wait.UntilAsync(
            $"the {container} to be started again",
            token => Agent.RunningAsync(Resource.Name, container, token),
            containers => containers.Count == 1 && containers[0] != before,
            RestartDeadline,
            Ct);
    }
}
