using LocalRegistry.Registry.Tests;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Cache;

/// <summary>A node's cache folder, the registries that use it one after the other, and blobs in the bucket behind them.</summary>
internal sealed class CacheNode(S3Fixture s3, string bucket, string folder)
{
    private const string Repository = "app";

    /// <summary>The digests of the blobs.</summary>
    public List<string> Digests { get; } = [];

    /// <summary>What the cache has in <c>content</c>.</summary>
    public string[] Entries => Directory.GetFiles(Path.Combine(folder, "content"), "*", SearchOption.AllDirectories);

    /// <summary>What is being written.</summary>
    public string[] Filling => Directory.GetFiles(Path.Combine(folder, "filling"));

    public Task<RegistryProcess> StartAsync(string size = "1Gi") =>
        RegistryProcess.StartCachingAsync(RegistryFiles.For(s3, bucket), "--cache", folder, "--cache-size", size, "--cache-free", "0");

    /// <summary>Pushes blobs past the cache.</summary>
    public async Task PushAsync(params IEnumerable<int> sizes)
    {
        await using RegistryProcess registry = await RegistryProcess.StartAsync(RegistryFiles.For(s3, bucket));
        using var api = new RegistryApi(registry.Address);
        foreach (int size in sizes)
        {
            Digests.Add(await api.PushBlobAsync(Repository, TestContent.Bytes(size, Digests.Count)));
        }
    }

    /// <summary>Pulls all blobs at once; each must have its digest.</summary>
    public async Task PullAsync(RegistryProcess registry)
    {
        using var api = new RegistryApi(registry.Address);
        await Task.WhenAll(Digests.Select(d => api.BlobAsync(Repository, d)));
    }

    /// <summary>Fails unless each entry has the digest of its name.</summary>
    public void AssertEntriesAreWhole(string when) => Assert.All(Entries, file =>
        Assert.True($"sha256:{Path.GetFileName(file)}" == TestContent.Sha256(File.ReadAllBytes(file)), $"{when}: {file} has another digest"));
}
