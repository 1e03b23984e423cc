using System.Net;
using System.Text;
using System.Text.Json;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Tests;
using LocalRegistry.Registry.Tests.Storage;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Crash;

/// <summary>
/// Registries on one store are killed at random moments of pushes, a hundred times. What was acknowledged is there, whatever can be seen is whole,
/// and what was cut can be pushed again.
/// </summary>
public sealed class KilledPushTests(S3Fixture s3) : IDisposable
{
    private const int Registries = 4;
    private const int ClientsOfRegistry = 3;
    private const int MostRequests = 40;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("killed-").FullName;
    private int _cut;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Sixty_kills_on_S3_lose_nothing_that_was_acknowledged()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        var driver = s3.Driver(bucket);
        using var store = new S3Store(driver with { RootDirectory = "myroot" }, S3ClientFactory.CreateS3(driver));
        await KillAsync(60, () => RegistryFiles.For(s3, bucket), store);
    }

    [Fact]
    public async Task Forty_kills_on_a_file_system_lose_nothing_that_was_acknowledged()
    {
        using var store = new FileSystemStore(_folder);
        await KillAsync(40, () => new RegistryFiles($"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {_folder}}}}}\nhttp: {{addr: :5000}}\n", null), store);
    }

    private async Task KillAsync(int kills, Func<RegistryFiles> createFiles, IObjectStore store)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        KeyValuePair<string, string>[] variables = store is S3Store ? [new("REGISTRY_STORAGE_S3_CHUNKSIZE", "5242880")] : [];

        // One that is never killed sees what the others leave.
        await using RegistryProcess witness = await RegistryProcess.StartAsync(createFiles(), variables);
        using HttpClient reader = Client(witness);
        await Task.WhenAll(Enumerable.Range(0, Registries).Select(async i =>
        {
            var random = new Random(seed + i);
            string name = $"app{i}";
            PushingClient[] clients = [.. Enumerable.Range(0, ClientsOfRegistry).Select(c => new PushingClient(name, $"tag{c}", new Random(random.Next())))];
            for (int kill = 0; kill < kills / Registries; kill++)
            {
                await PushUntilKilledAsync(createFiles(), variables, clients, random);
                string when = $"seed {seed}, registry {i}, kill {kill}";
                await AssertVisibleIsWholeAsync(reader, name, clients, when);
                await AssertAcknowledgedIsThereAsync(reader, store, name, clients, when);
                foreach (PushingClient client in clients)
                {
                    await client.RepeatAsync(reader);
                }

                await AssertAcknowledgedIsThereAsync(reader, store, name, clients, when);
            }
        }));

        TestContext.Current.TestOutputHelper.WriteLine($"{_cut} of {kills} kills cut a push");
        Assert.InRange(_cut, 1, kills);
        await AssertStoreIsWholeAsync(store);
    }

    private async Task PushUntilKilledAsync(RegistryFiles files, KeyValuePair<string, string>[] variables, PushingClient[] clients, Random random)
    {
        int left = random.Next(1, MostRequests);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] pushes;
        await using (RegistryProcess registry = await RegistryProcess.StartAsync(files, variables))
        {
            using HttpClient client = Client(registry);
            pushes = [.. clients.Select(c => c.PushAsync(client, () =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    enough.SetResult();
                }
            }))];
            await Task.WhenAny(pushes.Append(enough.Task));

            // The moment is what is tested; there is no condition to wait for.
            await Task.Delay(random.NextDouble() * LongestWait, Token);
            await registry.KillAsync();
            await Task.WhenAll(pushes);
        }

        Interlocked.Add(ref _cut, clients.Any(c => c.Pending is not null) ? 1 : 0);
    }

    // Whoever finds a tag finds its manifest, and with it all its blobs.
    private static async Task AssertVisibleIsWholeAsync(HttpClient reader, string name, PushingClient[] clients, string when)
    {
        using HttpResponseMessage list = await reader.GetAsync($"/v2/{name}/tags/list", Token);
        if (list.StatusCode == HttpStatusCode.NotFound)
        {
            Assert.All(clients, c => Assert.Null(c.Taken));
            return;
        }

        using JsonDocument tags = JsonDocument.Parse(await list.Content.ReadAsByteArrayAsync(Token));
        foreach (string tag in tags.RootElement.GetProperty("tags").EnumerateArray().Select(t => t.GetString()!))
        {
            byte[] manifest = await ReadAsync(reader, $"/v2/{name}/manifests/{tag}", when);
            PushingClient client = clients.Single(c => c.Tag == tag);
            Assert.True(Same(manifest, client.Taken) || Same(manifest, client.Pending?.Manifest), $"{when}: {tag} is neither the old nor the new");
            using JsonDocument document = JsonDocument.Parse(manifest);
            string digest = document.RootElement.GetProperty("config").GetProperty("digest").GetString()!;
            Assert.Equal(digest, TestContent.Sha256(await ReadAsync(reader, $"/v2/{name}/blobs/{digest}", when)));
        }
    }

    private static async Task AssertAcknowledgedIsThereAsync(HttpClient reader, IObjectStore store, string name, PushingClient[] clients, string when)
    {
        foreach (PushingClient client in clients)
        {
            foreach ((string digest, byte[] blob) in client.Blobs)
            {
                Assert.Equal(digest, TestContent.Sha256(await ReadAsync(reader, $"/v2/{name}/blobs/{digest}", when)));
                Assert.True(Digest.TryParse(digest, out Digest parsed));
                Assert.Equal(blob.Length, await store.StatAsync(KeyLayout.BlobData(parsed), Token));
            }

            if (client.Taken is { } manifest && client.Pending is null)
            {
                Assert.True(Same(manifest, await ReadAsync(reader, $"/v2/{name}/manifests/{client.Tag}", when)), $"{when}: {client.Tag} is not what was pushed last");
                Assert.True(Digest.TryParse(TestContent.Sha256(manifest), out Digest digest));
                Assert.Equal(digest.ToString(), Encoding.ASCII.GetString(await ReadAsync(store, KeyLayout.TagCurrentLink(new RepositoryName(name), client.Tag))));
                Assert.Equal(digest.ToString(), Encoding.ASCII.GetString(await ReadAsync(store, KeyLayout.TagIndexLink(new RepositoryName(name), client.Tag, digest))));
            }
        }
    }

    // Every object under a digest has that digest, and every link names something that is there.
    private static async Task AssertStoreIsWholeAsync(IObjectStore store)
    {
        int contents = 0;
        foreach (string key in await store.KeysAsync())
        {
            string[] parts = key.Split('/');
            if (parts is [.., "blobs", "sha256", _, var hex, "data"])
            {
                Assert.Equal($"sha256:{hex}", TestContent.Sha256(await ReadAsync(store, key)));
                contents++;
            }
            else if (parts[^1] == "link")
            {
                Assert.True(Digest.TryParse(Encoding.ASCII.GetString(await ReadAsync(store, key)), out Digest digest), key);
                Assert.NotNull(await store.StatAsync(KeyLayout.BlobData(digest), Token));
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{contents} blobs and manifests have the digests of their keys");
        Assert.NotEqual(0, contents);
    }

    private static bool Same(byte[] one, byte[]? other) => other is not null && one.AsSpan().SequenceEqual(other);

    private static HttpClient Client(RegistryProcess registry) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{registry.Address}") };

    private static async Task<byte[]> ReadAsync(HttpClient reader, string path, string when)
    {
        using HttpResponseMessage response = await reader.GetAsync(path, Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{when}: {path} is answered with {response.StatusCode}");
        return await response.Content.ReadAsByteArrayAsync(Token);
    }

    private static async Task<byte[]> ReadAsync(IObjectStore store, string key)
    {
        await using ObjectContent? content = await store.OpenAsync(key, 0, null, Token);
        using var bytes = new MemoryStream();
        await content!.Stream.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }
}
