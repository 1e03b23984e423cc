using System.Net;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>Registries over one store.</summary>
internal sealed class SharedRegistries : IAsyncDisposable
{
    public const string Secret = "shared by all of them";

    private readonly List<TestRegistry> _registries = [];

    private SharedRegistries(IObjectStore store) => Store = store;

    public IObjectStore Store { get; }

    public TestRegistry this[int index] => _registries[index];

    /// <summary>Starts one for each secret over a store that outlives them.</summary>
    public static async Task<SharedRegistries> StartAsync(IObjectStore store, params string?[] secrets)
    {
        var shared = new SharedRegistries(store);
        foreach (string? secret in secrets)
        {
            shared._registries.Add(await TestRegistry.StartAsync(
                configuration => configuration with { Http = configuration.Http with { Secret = secret } },
                services => services.AddSingleton(store)));
        }

        return shared;
    }

    /// <summary>Opens an upload at the first and gives the path and query where it goes on, at whichever.</summary>
    public async Task<string> BeginAsync(string name, string query = "")
    {
        using HttpResponseMessage response = await this[0].SendAsync(HttpMethod.Post, $"/v2/{name}/blobs/uploads/{query}");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.PathAndQuery;
    }

    public Task<HttpResponseMessage> PatchAsync(int index, string upload, byte[] content) => this[index].SendAsync(HttpMethod.Patch, upload, content);

    /// <summary>Sends a chunk that must be taken, and gives the range so far.</summary>
    public async Task<string> AppendAsync(int index, string upload, byte[] content)
    {
        using HttpResponseMessage response = await PatchAsync(index, upload, content);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(upload, response.Headers.Location!.PathAndQuery);
        return response.Header("Range");
    }

    public Task<HttpResponseMessage> CloseAsync(int index, string upload, string digest, byte[]? content = null) =>
        this[index].SendAsync(HttpMethod.Put, $"{upload}&digest={digest}", content ?? []);

    /// <summary>The range so far as one of them tells it; null if it knows of no such upload.</summary>
    public async Task<string?> StatusAsync(int index, string upload)
    {
        using HttpResponseMessage status = await this[index].GetAsync(upload);
        if (status.StatusCode == HttpStatusCode.NoContent)
        {
            return status.Header("Range");
        }

        await status.AssertErrorAsync(404, "BLOB_UPLOAD_UNKNOWN");
        return null;
    }

    /// <summary>Fails if anything of an upload is left in the store.</summary>
    public async Task AssertNothingLeftAsync()
    {
        Assert.DoesNotContain(await Store.KeysAsync(), k => k.Contains("_uploads", StringComparison.Ordinal));
        await foreach (UnfinishedObject unfinished in Store.ListUnfinishedAsync("docker/", TestContext.Current.CancellationToken))
        {
            Assert.Fail($"{unfinished.Key} is unfinished");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestRegistry registry in _registries)
        {
            await registry.DisposeAsync();
        }
    }
}
