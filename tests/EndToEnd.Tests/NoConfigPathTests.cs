using System.Text.Json.Nodes;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A node whose containerd reads no hosts.toml: it is named, and is told of mirrors once its configuration lets it read them.</summary>
public sealed class NoConfigPathTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    // One that another file in the runtime's folder stands for: the real one must go on working for the tests beside.
    private string File => $"{Agent.RuntimeFolder}/{Resource.Name}.toml";

    [Fact]
    public async Task A_node_without_config_path_is_told_to_have_none_until_its_configuration_is_mended()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        var digest = await PutImageAsync("team/app:1");
        await NodeFiles.WriteAsync(Server, File, With(Server.MirrorsFolder), Ct);
        await NodeFiles.WriteAsync(Agent, File, "version = 2\n", Ct);
        try
        {
            Resource.Spec["node"]!["runtime"] = new JsonObject { ["configurationFile"] = File };
            Mirror(Host);
            await Resource.ApplyAsync(Ct);

            var told = await Wait.UntilAsync(
                "the node without config_path to be named",
                async token => (await Resource.ConditionsAsync(token)).FirstOrDefault(c => c.Type == "MirrorConfigured"),
                condition => condition is { Status: "False", Reason: "NoConfigPath" },
                NodeDeadline,
                Ct);
            Assert.Contains(Agent.Name, told!.Message, StringComparison.Ordinal);
            Assert.DoesNotContain($"{Server.Name}:", told.Message, StringComparison.Ordinal);
            Assert.Contains("config_path", told.Message, StringComparison.Ordinal);

            await NodeFiles.WriteAsync(Agent, File, With(Agent.MirrorsFolder), Ct);
            await WaitUntilMirroredAsync();
            Assert.All(await OnEveryNodeAsync(node => PullAsync(node, $"{Host}/team/app:1")), pulled => Assert.Equal(digest, pulled));
        }
        finally
        {
            foreach (var node in Cluster.Nodes)
            {
                NodeFiles.Delete(node, File);
            }
        }
    }

    private static string With(string folder) => $"""
        version = 2
        [plugins."io.containerd.grpc.v1.cri".registry]
          config_path = "{folder}"
        """;
}
