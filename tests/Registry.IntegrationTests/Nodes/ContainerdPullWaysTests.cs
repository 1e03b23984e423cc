using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Nodes;

/// <summary>containerd 2.1 pulls in two ways: by its transfer service, or itself if its settings want something that the service does not do.</summary>
public sealed class ContainerdPullWaysTests(S3Fixture s3) : IAsyncLifetime
{
    private const string Suite = "forky";
    private const string Host = "registry.example.com";
    private const string OtherFolder = "/etc/docker/certs.d";

    private readonly TestImages _images = new();
    private RegistryProcess? _registry;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _registry = await RegistryProcess.StartAsync(
        RegistryFiles.For(s3, await s3.CreateBucketAsync(encrypted: true)), registry => MirrorsFor(registry, "/nowhere/config.toml", "/nowhere"));

    public async ValueTask DisposeAsync()
    {
        await _registry!.DisposeAsync();
        _images.Dispose();
    }

    /// <summary>The transfer service takes the list for the path of one folder, and finds nothing there.</summary>
    [Fact]
    public async Task List_of_folders_is_told_of_exactly_where_pulls_do_not_go_through_the_mirror()
    {
        await PushAsync("team/app", 10_000);
        string[] settings =
        [
            "",
            "use_local_image_pull = false",
            "use_local_image_pull = true",
            "discard_unpacked_layers = true",
            "disable_snapshot_annotations = false",
            "max_concurrent_downloads = 4",
            "image_pull_with_sync_fs = true",
        ];

        (string Setting, bool Pulled, NodeReport Report)[] seen = await Task.WhenAll(settings.Select(async setting =>
        {
            await using Containerd node = await Containerd.StartAsync(
                Suite, new ContainerdOptions { ConfigurationVersion = 3, ImageSettings = setting, FurtherConfigPaths = [OtherFolder] }, Token);
            await WriteHostsTomlAsync(node);
            NodeReport report = await NodeConfig.ReportAsync(MirrorsFor(node), Token);
            using var images = new CriImages(node.Socket);
            return (setting, await images.PullAsync($"{Host}/team/app:1", Token) is null, report);
        }));

        Assert.Equal(settings[2..], seen.Where(s => s.Pulled).Select(s => s.Setting));
        Assert.All(seen, s => Assert.Equal(!s.Pulled, s.Report.Message.Contains("for one folder", StringComparison.Ordinal)));
        // Only containerd 2.1 and later know this setting; containerd 2.0 would have read the list of the first as it is meant.
        Assert.Equal([settings[1]], seen.Where(s => s.Report.Reason == NodeReasons.ConfigPathListIgnored).Select(s => s.Setting));
    }

    /// <summary>A configuration of version 2 is taken by every containerd, which does not tell of itself in it.</summary>
    [Fact]
    public async Task List_of_folders_in_a_configuration_of_an_older_version_is_doubted()
    {
        await PushAsync("team/app", 10_000);
        await using Containerd node = await Containerd.StartAsync(Suite, new ContainerdOptions { FurtherConfigPaths = [OtherFolder] }, Token);
        await using NodeConfig config = await NodeConfig.StartAsync(MirrorsFor(node), Token);

        NodeReport report = await NodeConfig.ReportAsync(MirrorsFor(node), Token);
        using var images = new CriImages(node.Socket);

        Assert.Contains("no such host", await images.PullAsync($"{Host}/team/app:1", Token), StringComparison.Ordinal);
        Assert.Contains("use_local_image_pull", report.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max_concurrent_downloads = 4\nconcurrent_layer_fetch_buffer = 1048576", "")]
    [InlineData("", "[plugins.\"io.containerd.transfer.v1.local\"]\nmax_concurrent_downloads = 4\nconcurrent_layer_fetch_buffer = 1048576")]
    public async Task Layer_that_is_fetched_in_ranges_at_once_comes_whole(string settings, string tables)
    {
        TestImage image = await PushAsync("team/large", 8 * 1024 * 1024);
        await using Containerd node = await Containerd.StartAsync(
            Suite, new ContainerdOptions { ConfigurationVersion = 3, ImageSettings = settings, FurtherTables = tables }, Token);
        await using NodeConfig config = await NodeConfig.StartAsync(MirrorsFor(node), Token);
        using var images = new CriImages(node.Socket);

        // containerd compares the digest of what it put together.
        Assert.Null(await images.PullAsync($"{Host}/team/large:1", Token));

        string range = $"GET /v2/team/large/blobs/{image.LayerDigests[^1]} of {Host} 206";
        await Wait.UntilAsync(
            "ranges of the layer to be asked for",
            _ => Task.FromResult((_registry!.Log.Split(range).Length > 2, _registry.Log)),
            TimeSpan.FromSeconds(10),
            Token);
    }

    private string MirrorsFor(Containerd node) => MirrorsFor(_registry!.Address, node.ConfigurationFile, node.HostsFolder);

    private static string MirrorsFor(string registry, string configuration, string folder) => $$"""
        owner: tests/ways
        registry: {{registry}}
        mirrors: [{host: {{Host}}, prefix: ""}]
        runtime: {kind: containerd, configuration: {{configuration}}, directories: [{{folder}}, {{OtherFolder}}]}
        """;

    private async Task WriteHostsTomlAsync(Containerd node)
    {
        string folder = Directory.CreateDirectory(Path.Combine(node.HostsFolder, Host)).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "hosts.toml"), $"[host.\"http://{_registry!.Address}\"]\n  capabilities = [\"pull\", \"resolve\"]\n", Token);
    }

    private async Task<TestImage> PushAsync(string name, int bytes)
    {
        TestImage image = await _images.CreateAsync(layers: 1, layerBytes: bytes);
        await Skopeo.CopyAsync(image.Reference, _registry!.Image($"{name}:1"), null, Token);
        return image;
    }
}
