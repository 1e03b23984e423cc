using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Nodes that trust the host's own authority by nothing but a <c>ca.crt</c>, which containerd ignores beside a hosts.toml that does not name it.</summary>
public sealed class HostCertificateTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    [Fact]
    public async Task A_host_whose_CA_the_nodes_know_is_fallen_back_to_and_the_CA_is_untouched_in_the_end()
    {
        using var authority = new CertificateAuthority("the host's authority");
        await using var host = await DockerRegistry.StartAsync(Server, OwnPort, authority, Ct);
        var theirDigest = await PushAsync($"docker://{host.Address}/other/tool:1", null);
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        var ourDigest = await PutImageAsync("team/app:1");
        try
        {
            var before = await OnEveryNodeAsync(async node =>
            {
                await NodeFiles.WriteAsync(node, $"{FolderOf(host.Address, node)}/ca.crt", authority.Certificate, Ct);
                return await ToldAsync(host.Address, node, Ct);
            });

            Mirror(host.Address);
            await Resource.ApplyAsync(Ct);
            await WaitUntilMirroredAsync();

            Assert.All(await OnEveryNodeAsync(node => PullAsync(node, $"{host.Address}/team/app:1")), pulled => Assert.Equal(ourDigest, pulled));
            Assert.All(await OnEveryNodeAsync(node => PullAsync(node, $"{host.Address}/other/tool:1")), pulled => Assert.Equal(theirDigest, pulled));
            await Resource.DeleteAsync(Ct);

            Assert.Equal(before, await OnEveryNodeAsync(node => ToldAsync(host.Address, node, Ct)));
            Assert.All(await OnEveryNodeAsync(node => PullAsync(node, $"{host.Address}/other/tool:1")), pulled => Assert.Equal(theirDigest, pulled));
        }
        finally
        {
            foreach (var node in Cluster.Nodes)
            {
                NodeFiles.Delete(node, FolderOf(host.Address, node));
            }
        }
    }
}
