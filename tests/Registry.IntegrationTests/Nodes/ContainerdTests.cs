using System.Diagnostics;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Nodes;

/// <summary>containerd, told by <c>node-config</c>, pulls through the registry: as ctr pulls, and as a kubelet has it pull.</summary>
public abstract class ContainerdTests : IDisposable
{
    private readonly ContainerdNode _node;
    private readonly S3Fixture _s3;
    private readonly ITestOutputHelper _output;
    private readonly TestImages _images = new();

    private protected ContainerdTests(ContainerdNode node, S3Fixture s3, ITestOutputHelper output) => (_node, _s3, _output) = (node, s3, output);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _images.Dispose();
    }

    [Theory]
    [InlineData(ContainerdNode.NoHost, "team/", "")]
    [InlineData("docker.io", "library/", "mirror/docker.io/")]
    [InlineData("nobody-told.example.net:8443", "team/", "mirror/others/nobody-told.example.net_8443/")]
    public async Task Image_of_a_host_that_is_not_there_comes_through_the_mirror(string host, string path, string prefix)
    {
        string name = $"{path}{NewName()}";
        TestImage image = await PushAsync(_node.Registry.Address, $"{prefix}{name}:1");

        Assert.Null(await _node.Images.PullAsync($"{host}/{name}:1", Token));
        await _node.Images.RemoveAsync($"{host}/{name}:1", Token);
        Assert.Null(await _node.Images.PullAsync($"{host}/{name}@{image.Digest}", Token));
        await CtrPullAsync($"{host}/{name}:1");

        await AskedAsync($"HEAD /v2/{name}/manifests/1 of {host} 200");
        await AskedAsync($"/v2/{name}/manifests/{image.Digest} of {host} 200");
    }

    [Fact]
    public async Task Image_that_the_registry_does_not_have_comes_from_its_own_host()
    {
        string name = NewName();
        await PushAsync(_node.Origin.Address, $"{name}:1");

        Assert.Null(await _node.Images.PullAsync($"{_node.OriginHost}/{name}:1", Token));
        await CtrPullAsync($"{_node.OriginHost}/{name}:1");

        await AskedAsync($"HEAD /v2/{name}/manifests/1 of {_node.OriginHost} 404");
    }

    [Fact]
    public async Task Without_fallback_an_image_that_the_registry_does_not_have_is_not_asked_of_its_own_host()
    {
        string name = NewName();
        await PushAsync(_node.Origin.Address, $"{name}:1");

        string? refused = await _node.Images.PullAsync($"{_node.ClosedHost}/{name}:1", Token);
        await PushAsync(_node.Registry.Address, $"mirror/closed/{name}:1");
        string? pulled = await _node.Images.PullAsync($"{_node.ClosedHost}/{name}:1", Token);

        Assert.Contains("not found", refused, StringComparison.Ordinal);
        Assert.Null(pulled);
    }

    [Fact]
    public async Task Mirror_that_the_node_had_before_is_asked_second_with_its_own_authority()
    {
        string ours = NewName();
        string theirs = NewName();
        await PushAsync(_node.Registry.Address, $"merged/{ours}:1");
        await PushAsync(_node.Second.Address, $"{theirs}:1");

        Assert.Null(await _node.Images.PullAsync($"{ContainerdNode.SecondMirrorHost}/{ours}:1", Token));
        Assert.Null(await _node.Images.PullAsync($"{ContainerdNode.SecondMirrorHost}/{theirs}:1", Token));
        await CtrPullAsync($"{ContainerdNode.SecondMirrorHost}/{theirs}:1");
    }

    [Fact]
    public async Task Canary_of_every_host_is_pulled()
    {
        foreach (string host in _node.Hosts)
        {
            Assert.True(ImageHost.TryParse(host, out ImageHost parsed));
            Assert.Null(await _node.Images.PullAsync(Canary.ImageFor(parsed), Token));
        }
    }

    // A pull by digest of what the node has already would prove nothing if the registry were not asked.
    [Fact]
    public async Task Canary_that_the_node_has_is_asked_for_at_every_further_pull()
    {
        foreach (string host in _node.Hosts)
        {
            Assert.True(ImageHost.TryParse(host, out ImageHost parsed));
            Assert.Null(await _node.Images.PullAsync(Canary.ImageFor(parsed), Token));
            int first = await _node.RequestsAsync(host, Token);

            Assert.Null(await _node.Images.PullAsync(Canary.ImageFor(parsed), Token));
            int second = await _node.RequestsAsync(host, Token);

            _output.WriteLine($"{host}: {first} requests before the second pull of the canary, {second} after it");
            Assert.True(second > first, $"{host}: {first} requests before the second pull, {second} after it");
        }

        await AskedAsync($"HEAD /v2/{Canary.Repository}/manifests/{Canary.Digest} of {ContainerdNode.NoHost} 200");
    }

    [Fact]
    public async Task With_the_registry_gone_an_image_comes_from_its_own_host()
    {
        string host = _node.OtherHost;
        string name = NewName();
        await PushAsync(_node.Origin.Address, $"{name}:1");
        string Mirrors(string registry) => $$"""
            owner: tests/down
            registry: {{registry}}
            mirrors: [{host: "{{host}}", prefix: down}]
            runtime: {kind: containerd, configuration: {{_node.Containerd.ConfigurationFile}}, directories: [{{_node.Containerd.HostsFolder}}]}
            """;
        await using RegistryProcess registry = await RegistryProcess.StartAsync(RegistryFiles.For(_s3, await _s3.CreateBucketAsync(encrypted: true)), Mirrors);
        await using NodeConfig config = await NodeConfig.StartAsync(Mirrors(registry.Address), Token);
        await PushAsync(registry.Address, $"down/{name}:ours");
        Assert.Null(await _node.Images.PullAsync($"{host}/{name}:ours", Token));

        Assert.Equal(0, await registry.StopAsync());
        var clock = Stopwatch.StartNew();
        string? problem = await _node.Images.PullAsync($"{host}/{name}:1", Token);
        _output.WriteLine($"pulled from the image's own host in {clock.ElapsedMilliseconds} ms, with the registry gone");

        Assert.Null(problem);
        Assert.Equal(0, await config.StopAsync());
        Assert.False(Directory.Exists(Path.Combine(_node.Containerd.HostsFolder, host)));
    }

    [Fact]
    public async Task Index_that_ctr_pulled_is_pushed_with_all_its_images()
    {
        string name = NewName();
        string registry = _node.Registry.Address;
        (string source, string digest, _) = await _images.CreateIndexAsync();
        string pulled = _images.NewFolder();
        await Skopeo.RunAsync(["copy", "--all", "--dest-tls-verify=false", source, $"docker://{registry}/{name}:1"], null, Token);

        await CtrAsync("images", "pull", "--plain-http", "--all-platforms", $"{registry}/{name}:1");
        await CtrAsync("images", "tag", $"{registry}/{name}:1", $"{registry}/{name}/pushed:1");
        await CtrAsync("images", "push", "--plain-http", $"{registry}/{name}/pushed:1");
        await Skopeo.RunAsync(["copy", "--all", "--src-tls-verify=false", $"docker://{registry}/{name}/pushed:1", $"oci:{pulled}:latest"], null, Token);

        Assert.Equal(digest, await Skopeo.DigestAsync($"docker://{registry}/{name}/pushed:1", null, Token));
        Assert.Equal(TestImages.DigestsIn(source.Split(':')[1]), TestImages.DigestsIn(pulled));
    }

    private static string NewName() => $"app-{Guid.NewGuid().ToString("N")[..8]}";

    private async Task<TestImage> PushAsync(string registry, string name)
    {
        TestImage image = await _images.CreateAsync(layers: 1, layerBytes: 10_000);
        await Skopeo.CopyAsync(image.Reference, $"docker://{registry}/{name}", null, Token);
        return image;
    }

    // The line of a request comes a moment after its answer.
    private Task AskedAsync(string request) => Wait.UntilAsync(
        $"the registry to be asked: {request}",
        _ => Task.FromResult((_node.Registry.Log.Contains(request, StringComparison.Ordinal), _node.Registry.Log)),
        TimeSpan.FromSeconds(10),
        Token);

    private Task CtrPullAsync(string image) => CtrAsync("images", "pull", "--hosts-dir", _node.Containerd.HostsFolder, image);

    private async Task CtrAsync(params string[] arguments)
    {
        CommandResult result = await _node.Containerd.CtrAsync(arguments, Token);
        Assert.True(result.ExitCode == 0, result.Error);
    }
}

public sealed class Containerd16Node(S3Fixture s3) : ContainerdNode(s3, "bookworm", 2);

public sealed class Containerd17Node(S3Fixture s3) : ContainerdNode(s3, "trixie", 2);

public sealed class Containerd21Node(S3Fixture s3) : ContainerdNode(s3, "forky", 3);

public sealed class Containerd16Tests(Containerd16Node node, S3Fixture s3, ITestOutputHelper output)
    : ContainerdTests(node, s3, output), IClassFixture<Containerd16Node>;

public sealed class Containerd17Tests(Containerd17Node node, S3Fixture s3, ITestOutputHelper output)
    : ContainerdTests(node, s3, output), IClassFixture<Containerd17Node>;

public sealed class Containerd21Tests(Containerd21Node node, S3Fixture s3, ITestOutputHelper output)
    : ContainerdTests(node, s3, output), IClassFixture<Containerd21Node>;
