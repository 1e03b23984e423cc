using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>What each request costs: the calls of the store, each of which is a request to S3 there, in no order.</summary>
public sealed class StoreCallTests : IAsyncLifetime
{
    private const string Name = "team/app";

    private readonly FaultyStore _store = new(new InMemoryStore());
    private readonly byte[] _blob = TestContent.Bytes(100);
    private readonly string _digest = TestContent.Sha256(TestContent.Bytes(100));
    private readonly byte[] _manifest = TestContent.Manifest(MediaTypes.OciManifest, TestContent.Bytes(100));

    private string ManifestPath => $"manifests/{TestContent.Sha256(_manifest)}";

    private string BlobPath => $"blobs/{_digest}";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task Push_of_a_blob_that_is_new(int descriptors)
    {
        await using TestRegistry registry = await StartAsync(descriptors);

        await AssertCallsAsync(["Stat content", "Stat layer"], () => registry.HeadAsync($"/v2/{Name}/{BlobPath}"));
        await AssertCallsAsync([], () => registry.SendAsync(HttpMethod.Post, $"/v2/{Name}/blobs/uploads/"));
        await AssertCallsAsync(["Write content", "Write layer"], () => registry.SendAsync(HttpMethod.Post, $"/v2/{Name}/blobs/uploads/?digest={_digest}", _blob));
    }

    [Fact]
    public async Task Push_of_a_manifest_whose_blobs_were_pushed_before()
    {
        await using TestRegistry registry = await StartAsync(100);
        await registry.PushBlobAsync(Name, _blob);

        await AssertCallsAsync(
            ["Stat revision", "Stat tag", "Write content", "Write revision", "Write tag", "Write tag index"],
            () => registry.PutManifestAsync(Name, "v1", _manifest, MediaTypes.OciManifest));
        await AssertCallsAsync(["Write content", "Write revision"], () => registry.PutManifestAsync(Name, TestContent.Sha256(_manifest), _manifest, MediaTypes.OciManifest));
        byte[] index = TestContent.Index(MediaTypes.OciIndex, MediaTypes.OciManifest, _manifest);
        await AssertCallsAsync(["Write content", "Write revision"], () => registry.PutManifestAsync(Name, TestContent.Sha256(index), index, MediaTypes.OciIndex));
    }

    [Fact]
    public async Task Push_of_a_manifest_without_memory_asks_for_its_blobs()
    {
        await using TestRegistry registry = await StartAsync(0);
        await registry.PushBlobAsync(Name, _blob);

        await AssertCallsAsync(
            ["Stat content", "Stat layer", "Write content", "Write revision"],
            () => registry.PutManifestAsync(Name, TestContent.Sha256(_manifest), _manifest, MediaTypes.OciManifest));
    }

    [Fact]
    public async Task Mount_of_a_blob()
    {
        await using TestRegistry registry = await StartAsync(100);
        await registry.PushBlobAsync("team/other", _blob);

        await AssertCallsAsync(["Write layer"], () => registry.SendAsync(HttpMethod.Post, $"/v2/{Name}/blobs/uploads/?mount={_digest}&from=team/other"));
        await AssertCallsAsync([], () => registry.HeadAsync($"/v2/{Name}/{BlobPath}"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task Pull_by_a_registry_that_has_just_been_started(int descriptors)
    {
        await PushAsync();
        await using TestRegistry registry = await StartAsync(descriptors);

        await AssertCallsAsync(["Open content", "Open tag", "Stat revision"], () => registry.GetAsync($"/v2/{Name}/manifests/v1"));
        // With memory, the manifest has answered for its layers.
        await AssertCallsAsync(descriptors > 0 ? ["Open content"] : ["Open content", "Stat layer"], () => registry.GetAsync($"/v2/{Name}/{BlobPath}"));
    }

    [Fact]
    public async Task Pull_of_what_is_remembered()
    {
        await PushAsync();
        await using TestRegistry registry = await StartAsync(100);
        using HttpResponseMessage manifest = await registry.GetAsync($"/v2/{Name}/manifests/v1");
        await registry.ReadBlobAsync(Name, _digest);

        await AssertCallsAsync(["Open tag"], () => registry.GetAsync($"/v2/{Name}/manifests/v1"));
        await AssertCallsAsync([], () => registry.GetAsync($"/v2/{Name}/{ManifestPath}"));
        await AssertCallsAsync(["Open content"], () => registry.GetAsync($"/v2/{Name}/{BlobPath}"));
        await AssertCallsAsync(["Open content"], () => registry.GetAsync($"/v2/{Name}/{BlobPath}", ("Range", "bytes=10-19")));
        await AssertCallsAsync([], () => registry.HeadAsync($"/v2/{Name}/{BlobPath}"));
    }

    [Fact]
    public async Task Pull_without_memory_asks_for_links_and_never_again_for_a_manifest()
    {
        await PushAsync();
        await using TestRegistry registry = await StartAsync(0);
        using HttpResponseMessage manifest = await registry.GetAsync($"/v2/{Name}/manifests/v1");

        await AssertCallsAsync(["Open tag", "Stat revision"], () => registry.GetAsync($"/v2/{Name}/manifests/v1"));
        await AssertCallsAsync(["Stat revision"], () => registry.GetAsync($"/v2/{Name}/{ManifestPath}"));
        await AssertCallsAsync(["Stat content", "Stat layer"], () => registry.HeadAsync($"/v2/{Name}/{BlobPath}"));
        await AssertCallsAsync(["Open content", "Stat content", "Stat layer"], () => registry.GetAsync($"/v2/{Name}/{BlobPath}", ("Range", "bytes=10-19")));
    }

    [Fact]
    public async Task Pull_of_what_is_not_there()
    {
        await using TestRegistry registry = await StartAsync(0);

        // The content is asked for beside the link; but this store has said at once that there is no link.
        foreach ((string path, string call) in ((string, string)[])[("manifests/v1", "Open tag"), (ManifestPath, "Stat revision"), (BlobPath, "Stat layer")])
        {
            await AssertCallsAsync([call], () => registry.GetAsync($"/v2/{Name}/{path}"));
        }
    }

    private static string Shorten(string call)
    {
        string[] parts = call.Split("Async ");
        string kind = parts[1].Contains("/_layers/", StringComparison.Ordinal) ? "layer"
            : parts[1].Contains("/revisions/", StringComparison.Ordinal) ? "revision"
            : parts[1].Contains("/index/", StringComparison.Ordinal) ? "tag index"
            : parts[1].Contains("/tags/", StringComparison.Ordinal) ? "tag"
            : parts[1].Contains("/blobs/", StringComparison.Ordinal) ? "content"
            : parts[1];
        return $"{parts[0]} {kind}";
    }

    private Task<TestRegistry> StartAsync(int descriptors) => TestRegistry.StartAsync(
        c => c with { Storage = c.Storage with { DescriptorCacheSize = descriptors } }, services => services.AddSingleton<IObjectStore>(_store));

    private async Task PushAsync()
    {
        await using TestRegistry registry = await StartAsync(0);
        await registry.PushBlobAsync(Name, _blob);
        await registry.PushManifestAsync(Name, "v1", _manifest, MediaTypes.OciManifest);
    }

    private async Task AssertCallsAsync(string[] expected, Func<Task<HttpResponseMessage>> send)
    {
        _store.Calls.Clear();
        using HttpResponseMessage response = await send();
        await response.BytesAsync();
        Assert.Equal(expected, _store.Calls.Select(Shorten).Order(StringComparer.Ordinal));
    }
}
