using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Cache;

/// <summary>A cache on a file system of its own that is too small. Needs root.</summary>
public sealed class FullDiskTests(S3Fixture s3) : IAsyncLifetime
{
    private const int Megabyte = 1024 * 1024;

    private readonly string _disk = Directory.CreateTempSubdirectory("disk-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await CommandLine.RunAsync("mount", ["-t", "tmpfs", "-o", "size=40m", "tmpfs", _disk], Token);

    public async ValueTask DisposeAsync()
    {
        await CommandLine.RunAsync("umount", [_disk], CancellationToken.None);
        Directory.Delete(_disk);
    }

    [Fact]
    public async Task Nothing_fails_while_the_disk_is_full_and_it_is_used_once_there_is_room()
    {
        var node = new CacheNode(s3, await s3.CreateBucketAsync(encrypted: true), Path.Combine(_disk, "cache"));
        await node.PushAsync(1000, 300_000, 12 * Megabyte);
        string ballast = Path.Combine(_disk, "ballast");
        await using RegistryProcess registry = await node.StartAsync();
        FillUp(ballast);
        await node.PullAsync(registry);
        await node.PullAsync(registry);
        Assert.Empty(node.Entries);

        File.Delete(ballast);
        await Wait.UntilAsync("all blobs to be entries", async _ =>
        {
            await node.PullAsync(registry);
            return (node.Entries.Length == node.Digests.Count, $"{node.Entries.Length}\n{registry.Log}");
        }, TimeSpan.FromSeconds(120), Token);
        node.AssertEntriesAreWhole("with room");

        // What is there is read, and what is new is not kept: a record of its use cannot be written either.
        FillUp(ballast);
        await node.PushAsync(2 * Megabyte);
        await node.PullAsync(registry);
        node.AssertEntriesAreWhole("without room");
    }

    [Fact]
    public async Task More_than_the_disk_holds_goes_through_it_with_every_entry_whole()
    {
        var node = new CacheNode(s3, await s3.CreateBucketAsync(encrypted: true), Path.Combine(_disk, "cache"));
        await node.PushAsync(9 * Megabyte, 11 * Megabyte, 13 * Megabyte, 15 * Megabyte, 41 * Megabyte, 17 * Megabyte);
        await using RegistryProcess registry = await node.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            await node.PullAsync(registry);
            node.AssertEntriesAreWhole($"round {i}");
        }

        await Wait.UntilAsync("something to be an entry", async _ =>
        {
            await node.PullAsync(registry);
            return (node.Entries.Length > 0, registry.Log);
        }, TimeSpan.FromSeconds(60), Token);
    }

    // To the last block, whatever of it is taken meanwhile.
    private static void FillUp(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // The disk is full.
        }
    }
}
