using System.Text.Json;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>The Docker engine's own push and pull, over plain http as it does for 127.0.0.1.</summary>
[Collection<ClientBenchTests>]
public sealed class DockerClientTests(ClientBench bench) : IAsyncLifetime
{
    private readonly TestImages _images = new();
    private readonly string _name = ClientBench.NewName();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Source => $"{bench.Address}/{_name}:v1";

    private string Target => $"{bench.Address}/{_name}/pushed:v1";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await CommandLine.RunAsync("docker", ["rmi", "--force", Source, Target], new CommandOptions { AnyExitCode = true }, CancellationToken.None);
        _images.Dispose();
    }

    [Fact]
    public async Task Image_of_many_layers_is_pulled_pushed_and_pulled_again()
    {
        TestImage image = await _images.CreateAsync(layers: 6);
        await bench.PushAsync(image, $"{_name}:v1");

        await DockerAsync("pull", Source);
        string id = await DockerAsync("image", "inspect", "--format", "{{.Id}}", Source);
        await DockerAsync("tag", Source, Target);
        await DockerAsync("push", Target);
        await DockerAsync("rmi", Source, Target);
        await DockerAsync("pull", Target);

        // An image's id is the digest of its config.
        Assert.Equal(id, await DockerAsync("image", "inspect", "--format", "{{.Id}}", Target));
        (_, string mediaType, byte[] content) = await bench.Api.ManifestAsync($"{_name}/pushed", "v1");
        Assert.Equal("application/vnd.docker.distribution.manifest.v2+json", mediaType);
        using JsonDocument manifest = JsonDocument.Parse(content);
        Assert.Equal(id.Trim(), manifest.RootElement.GetProperty("config").GetProperty("digest").GetString());
        string[] layers = [.. manifest.RootElement.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("digest").GetString()!)];
        Assert.Equal(image.LayerDigests.Count, layers.Length);
        await Task.WhenAll(layers.Select(layer => bench.Api.BlobAsync($"{_name}/pushed", layer)));
    }

    private static async Task<string> DockerAsync(params string[] arguments) => (await CommandLine.RunAsync("docker", arguments, Token)).Output;
}
