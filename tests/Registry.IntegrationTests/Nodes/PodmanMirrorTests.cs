using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Nodes;

/// <summary>podman, with a home of its own that <c>node-config</c> tells of the mirrors, pulls through the registry.</summary>
public sealed class PodmanMirrorTests(S3Fixture s3) : IAsyncLifetime
{
    private const string NoHost = "registry.example.com";

    private readonly TestImages _images = new();

    // podman takes no path of more than 50 characters.
    private readonly string _home = Directory.CreateTempSubdirectory("p-").FullName;
    private readonly string _debug = $"127.0.0.1:{FreePort.Find()}";
    private DockerRegistry? _origin;
    private RegistryProcess? _registry;
    private NodeConfig? _config;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_home, ".config/containers/registries.conf.d");

    // One registry under two names, of which the second's images come through the node's registry or not at all.
    private string OriginHost => $"localhost:{_origin!.Address.Split(':')[1]}";

    private string ClosedHost => _origin!.Address;

    public async ValueTask InitializeAsync()
    {
        _origin = await DockerRegistry.StartAsync("  inmemory: {}", Token);
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(
            Path.Combine(_home, ".config/containers/registries.conf"),
            $"[[registry]]\nlocation = \"{OriginHost}\"\ninsecure = true\n[[registry]]\nlocation = \"{ClosedHost}\"\ninsecure = true\n",
            Token);
        RegistryFiles files = RegistryFiles.For(s3, await s3.CreateBucketAsync(encrypted: true));
        _registry = await RegistryProcess.StartAsync(files, MirrorsFor, new KeyValuePair<string, string>("REGISTRY_HTTP_DEBUG_ADDR", _debug));
        _config = await NodeConfig.StartAsync(MirrorsFor(_registry.Address), Token);
    }

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable?[] started = [_config, _registry, _origin];
        foreach (IAsyncDisposable? each in started)
        {
            await (each?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _images.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Images_come_through_the_mirror_or_else_from_their_own_host_if_that_may_be_asked()
    {
        TestImage image = await PushAsync(_registry!.Address, "team/app:1");
        await PushAsync(_registry.Address, "mirror/docker.io/library/app:1");
        await PushAsync(_registry.Address, "mirror/closed/team/ours:1");
        await PushAsync(_registry.Address, "mirror/origin/team/ours:1");
        await PushAsync(_origin!.Address, "team/theirs:1");

        await PullAsync($"{NoHost}/team/app:1");
        await PullAsync($"{NoHost}/team/app@{image.Digest}");
        await PullAsync("docker.io/app:1");
        await PullAsync($"{OriginHost}/team/ours:1");
        await PullAsync($"{OriginHost}/team/theirs:1");
        await PullAsync($"{ClosedHost}/team/ours:1");
        await PullAsync(Canary.ImageFor(new ImageHost(NoHost)));
        int asked = await MirrorRequests.CountAsync(_debug, NoHost, Token);
        await PullAsync(Canary.ImageFor(new ImageHost(NoHost)));
        Assert.True(await MirrorRequests.CountAsync(_debug, NoHost, Token) > asked, "the registry was not asked for an image that podman has already");
        CommandResult refused = await PodmanAsync("pull", $"{ClosedHost}/team/theirs:1");

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("manifest unknown", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, await _config!.StopAsync());
        Assert.Empty(Directory.GetFiles(Folder));
        Assert.Equal(0, (await PodmanAsync("pull", $"{ClosedHost}/team/theirs:1")).ExitCode);
    }

    private string MirrorsFor(string registry) => $$"""
        owner: tests/podman
        registry: {{registry}}
        mirrors:
        - {host: {{NoHost}}, prefix: ""}
        - {host: docker.io, prefix: mirror/docker.io}
        - {host: "{{OriginHost}}", prefix: mirror/origin}
        - {host: "{{ClosedHost}}", prefix: mirror/closed, fallback: false}
        runtime: {kind: registriesconf, directories: [{{Folder}}]}
        """;

    private async Task<TestImage> PushAsync(string registry, string name)
    {
        TestImage image = await _images.CreateAsync(layers: 1, layerBytes: 10_000);
        await Skopeo.CopyAsync(image.Reference, $"docker://{registry}/{name}", null, Token);
        return image;
    }

    private async Task PullAsync(string image)
    {
        CommandResult result = await PodmanAsync("pull", image);
        Assert.True(result.ExitCode == 0, $"{image}: {result.Error}");
    }

    private Task<CommandResult> PodmanAsync(params IEnumerable<string> arguments) => CommandLine.RunAsync(
        "podman",
        ["--root", $"{_home}/root", "--runroot", $"{_home}/run", "--storage-driver", "vfs", "--cgroup-manager=cgroupfs", .. arguments],
        new CommandOptions { AnyExitCode = true, Environment = new Dictionary<string, string> { ["HOME"] = _home } },
        Token);
}
