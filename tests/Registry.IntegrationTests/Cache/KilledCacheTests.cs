using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Cache;

/// <summary>Registries are killed at random moments while their cache is filled from S3. What it then has is whole, and the next one goes on with it.</summary>
public sealed class KilledCacheTests(S3Fixture s3) : IDisposable
{
    private const int Kills = 15;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly string _folder = Directory.CreateTempSubdirectory("cache-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_entry_has_its_digest_whenever_the_process_is_killed()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var node = new CacheNode(s3, await s3.CreateBucketAsync(encrypted: true), Path.Combine(_folder, "cache"));
        await node.PushAsync(1000, 200_000, 300_000, 5_000_000, 12_000_000, 20_000_000, 30_000_000);
        int cut = 0;
        int entries = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            await using (RegistryProcess registry = await node.StartAsync())
            {
                Assert.Empty(node.Filling);
                Task pulls = node.PullAsync(registry);

                await Wait.UntilAsync("a fill to begin", _ => Task.FromResult((node.Filling.Length > 0 || pulls.IsCompleted, registry.Log)), TimeSpan.FromSeconds(60), CancellationToken.None);

                // The moment is what is tested; there is no condition to wait for.
                await Task.Delay(random.NextDouble() * LongestWait, TestContext.Current.CancellationToken);
                await registry.KillAsync();
                await pulls.ContinueWith(_ => { }, TaskContinuationOptions.ExecuteSynchronously);
            }

            cut += node.Filling.Length == 0 ? 0 : 1;
            entries += node.Entries.Length;
            node.AssertEntriesAreWhole($"seed {seed}, kill {kill}");
            foreach (string entry in node.Entries.Where(_ => random.Next(2) == 0))
            {
                File.Delete(entry);
            }
        }

        TestContext.Current.TestOutputHelper.WriteLine($"{cut} of {Kills} kills cut a fill; {entries} entries were whole");
        Assert.NotEqual(0, cut);
        await using RegistryProcess last = await node.StartAsync();
        await node.PullAsync(last);
        await Wait.UntilAsync(
            "all blobs to be entries", _ => Task.FromResult((node.Entries.Length == node.Digests.Count, $"{node.Entries.Length}")), TimeSpan.FromSeconds(60), CancellationToken.None);
        node.AssertEntriesAreWhole("at last");
        await node.PullAsync(last);
    }
}
