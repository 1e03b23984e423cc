using System.Diagnostics;
using k8s;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A node whose registry is down.</summary>
public sealed class MirrorFallbackTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    private const string Repository = "team/app:1";

    private static readonly TimeSpan RegistryDeadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Pulls_fall_back_to_the_images_own_host_until_the_registry_is_up_again()
    {
        using var authority = new CertificateAuthority("the host's authority");
        await using var host = await DockerRegistry.StartAsync(Server, OwnPort, authority, Ct);
        var theirDigest = await PushAsync($"docker://{host.Address}/{Repository}", null);
        await MoveToOwnNamespaceAsync();
        var ourDigest = await PutImageAsync(Repository);
        try
        {
            await OnEveryNodeAsync(async node =>
            {
                await NodeFiles.WriteAsync(node, $"{FolderOf(host.Address, node)}/ca.crt", authority.Certificate, Ct);
                return node;
            });
            Mirror(host.Address);
            await Resource.ApplyAsync(Ct);
            await WaitUntilMirroredAsync();
            Assert.Equal(ourDigest, await PullAsync(Agent, $"{host.Address}/{Repository}"));

            await HoldRegistryOffAsync();
            var began = Stopwatch.GetTimestamp();
            Assert.Equal(theirDigest, await PullAsync(Agent, $"{host.Address}/{Repository}"));
            Console.Error.WriteLine($"a pod whose image came from its own host, while the registry was down, ran and was gone within {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");

            await Cluster.KubectlAsync(["--namespace", Resource.Namespace, "delete", "resourcequota", "limit"], Ct);
            await WaitForRegistryAsync("up", exitCode: 0);
            Assert.Equal(ourDigest, await PullAsync(Agent, $"{host.Address}/{Repository}"));
            await Resource.DeleteAsync(Ct);
        }
        finally
        {
            foreach (var node in Cluster.Nodes)
            {
                NodeFiles.Delete(node, FolderOf(host.Address, node));
            }
        }
    }

    private async Task MoveToOwnNamespaceAsync()
    {
        Resource.MoveTo(Resource.Name);
        await Cluster.ApplyAsync($"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {Resource.Namespace}\n", Ct);
        await Product.PutSecretAsync(Cluster, Product.RegistrySecret, S3Server.CredentialsFile, Ct, Resource.Namespace);
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
    }

    // Its DaemonSet cannot make another as long as the namespace takes no pod.
    private async Task HoldRegistryOffAsync()
    {
        await Cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: limit, namespace: {{Resource.Namespace}}}
            spec: {hard: {pods: "0"} }
            """, Ct);
        var pods = await Cluster.Client.CoreV1.ListNamespacedPodAsync(
            Resource.Namespace,
            labelSelector: $"app.kubernetes.io/instance={Resource.Name},app.kubernetes.io/component=registry",
            fieldSelector: $"spec.nodeName={Agent.Name}",
            cancellationToken: Ct);
        await Cluster.Client.CoreV1.DeleteNamespacedPodAsync(Assert.Single(pods.Items).Metadata.Name, Resource.Namespace, cancellationToken: Ct);
        // curl's "failed to connect".
        await WaitForRegistryAsync("down", exitCode: 7);
    }

    private Task<CommandResult> WaitForRegistryAsync(string state, int exitCode) => Wait.UntilAsync(
        $"the agent's registry to be {state}",
        token => Agent.RunInNetworkAsync("curl", ["--silent", "--max-time", "5", $"http://{Registry}/v2/"], new CommandOptions { AnyExitCode = true }, token),
        answer => answer.ExitCode == exitCode,
        RegistryDeadline,
        Ct);
}
