using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Nodes that had a mirror of their own for the host: it goes on, and in the end everything is as its admin left it.</summary>
public sealed class MergedMirrorTests(BedFixture bed, ITestOutputHelper output) : MirrorTest(bed, output)
{
    private string Theirs => $"{Host}/other/tool:1";

    [Fact]
    public async Task A_mirror_with_a_CA_that_the_nodes_had_serves_beside_ours_and_is_untouched_in_the_end()
    {
        using var authority = new CertificateAuthority("the other mirror's authority");
        await using var other = await DockerRegistry.StartAsync(Server, OwnPort, authority, Ct);
        var theirDigest = await PushAsync($"docker://{other.Address}/other/tool:1", null);
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        var ourDigest = await PutImageAsync("team/app:1");
        try
        {
            var before = await OnEveryNodeAsync(node => ConfigureAsync(node, other.Address, authority));
            Assert.All(await OnEveryNodeAsync(node => PullAsync(node, Theirs)), pulled => Assert.Equal(theirDigest, pulled));

            Mirror(Host);
            await Resource.ApplyAsync(Ct);
            await WaitUntilMirroredAsync();

            Assert.All(await OnEveryNodeAsync(node => PullAsync(node, $"{Host}/team/app:1")), pulled => Assert.Equal(ourDigest, pulled));
            Assert.All(await OnEveryNodeAsync(node => PullAsync(node, Theirs)), pulled => Assert.Equal(theirDigest, pulled));
            await Resource.DeleteAsync(Ct);

            Assert.Equal(before, await OnEveryNodeAsync(node => ToldAsync(Host, node, Ct)));
            Assert.All(await OnEveryNodeAsync(node => PullAsync(node, Theirs)), pulled => Assert.Equal(theirDigest, pulled));
            await OnEveryNodeAsync(node => FailToPullAsync(node, $"{Host}/team/app:1"));
        }
        finally
        {
            foreach (var node in Cluster.Nodes)
            {
                NodeFiles.Delete(node, FolderOf(Host, node));
            }
        }
    }

    // As an admin may have left it: relative paths, comments, keys that are none of ours, and modes of his own.
    private async Task<string> ConfigureAsync(Node node, string address, CertificateAuthority authority)
    {
        var folder = FolderOf(Host, node);
        await NodeFiles.WriteAsync(node, $"{folder}/authority.pem", authority.Certificate, Ct);
        await NodeFiles.WriteAsync(node, $"{folder}/hosts.toml", $"""
            # The mirror in the cellar.
            server = "https://{Host}"

            [host."https://{address}"]   # its certificate is our own
              capabilities = ["pull", "resolve"]
              ca = "authority.pem"
              [host."https://{address}".header]
                x-cellar = ["yes"]
            """, Ct);
        NodeFiles.SetAttributes(
            node,
            $"{folder}/hosts.toml",
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            new DateTimeOffset(2021, 3, 4, 5, 6, 7, TimeSpan.Zero));
        return await ToldAsync(Host, node, Ct);
    }
}
