using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>What <c>node-config run</c> does as time passes.</summary>
public sealed class NodeConfigLoopTests : IAsyncLifetime
{
    private readonly NodeFolders _node = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port = StandInRegistry.FreePort();
    private NodeRegistry? _registry;
    private Task<bool>? _run;

    private string Host => _node.Hosts("reg.example.com");

    private StatusFile Status => new(Path.Combine(_node.Base, "status.json"));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_run is not null)
        {
            await _run;
        }

        _registry?.Dispose();
        _stop.Dispose();
        _node.Dispose();
    }

    [Fact]
    public async Task Nothing_is_written_before_the_registry_answers()
    {
        Start();
        await ReportedAsync(NodeReasons.WaitingForRegistry);
        Assert.False(File.Exists(Host));

        using StandInRegistry registry = StandInRegistry.Start(_port);
        await ReportedAsync(NodeReasons.Configured);

        Assert.True(File.Exists(Host));
    }

    [Fact]
    public async Task Nothing_is_written_while_a_registry_answers_that_does_not_stand_in_for_the_hosts()
    {
        using (StandInRegistry earlier = StandInRegistry.Start(_port, knowsHosts: false))
        {
            Start();
            await HoldsAsync(() => earlier.Asked >= 3, "it is asked for the third time");
            Assert.Equal(NodeReasons.WaitingForRegistry, Report()?.Reason);
            Assert.False(File.Exists(Host));
        }

        using StandInRegistry registry = StandInRegistry.Start(_port);
        await ReportedAsync(NodeReasons.Configured);
    }

    [Fact]
    public async Task Drift_is_repaired_with_the_next_look()
    {
        using StandInRegistry registry = StandInRegistry.Start(_port);
        Start();
        await ReportedAsync(NodeReasons.Configured);
        string written = _node.Body("reg.example.com");
        File.Delete(Host);

        await HoldsAsync(() => File.Exists(Host), "the file is there again");

        Assert.Equal(written, _node.Body("reg.example.com"));
    }

    [Fact]
    public async Task Drift_waits_for_a_registry_that_has_gone()
    {
        StandInRegistry registry = StandInRegistry.Start(_port);
        Start();
        await ReportedAsync(NodeReasons.Configured);
        registry.Dispose();
        File.Delete(Host);

        await ReportedAsync(NodeReasons.WaitingForRegistry);

        Assert.False(File.Exists(Host));
    }

    [Fact]
    public async Task It_goes_on_while_blocked_and_configures_once_it_is_not()
    {
        using StandInRegistry registry = StandInRegistry.Start(_port);
        Start("version = 3\n");
        await ReportedAsync(NodeReasons.NoConfigPath);
        Assert.False(File.Exists(Host));

        _node.Put("config.toml", $"version = 3\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '{_node.Root}'\n");
        await ReportedAsync(NodeReasons.Configured);

        Assert.True(File.Exists(Host));
    }

    [Fact]
    public async Task Stopping_restores_and_says_so()
    {
        IReadOnlyList<string> before = _node.Snapshot();
        using StandInRegistry registry = StandInRegistry.Start(_port);
        Start();
        await ReportedAsync(NodeReasons.Configured);

        await _stop.CancelAsync();
        Assert.True(await _run!);

        Assert.Equal(NodeReasons.Restored, Report()?.Reason);
        File.Delete(Path.Combine(_node.Base, "status.json"));
        Assert.Equal(before, _node.Snapshot());
    }

    [Fact]
    public async Task Stopping_says_what_could_not_be_restored()
    {
        _node.Put("certs.d/reg.example.com/hosts.toml", "# theirs\n");
        using StandInRegistry registry = StandInRegistry.Start(_port);
        Start();
        await ReportedAsync(NodeReasons.Configured);
        string kept = _node.Kept("reg.example.com");
        File.Delete(kept);
        File.CreateSymbolicLink(kept, "/etc/passwd");

        await _stop.CancelAsync();

        Assert.False(await _run!);
        Assert.Equal(NodeReasons.SymbolicLink, Report()?.Reason);
    }

    [Theory]
    [InlineData("{\"hosts\":{},\"last\":\"2026-11-24T20:00:00Z\"}", "2026-11-24T20:00:00Z")]
    [InlineData("{\"hosts\":{}}", null)]
    [InlineData("[]", null)]
    [InlineData("{\"last\":3}", null)]
    [InlineData("no JSON", null)]
    public async Task The_registry_says_when_it_was_asked_last(string answer, string? expected)
    {
        using StandInRegistry registry = StandInRegistry.Start(_port, answer);
        using var seen = new NodeRegistry(Configuration(null));

        DateTimeOffset? last = await seen.LastRequestAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), last);
    }

    private void Start(string? containerd = null)
    {
        MirrorConfiguration configuration = Configuration(containerd is null ? null : _node.Put("config.toml", containerd));
        _registry = new NodeRegistry(configuration);
        var loop = new NodeConfigLoop(
            configuration, new NodeMirrors(configuration), _registry, Status, _time, NullLogger<NodeConfigLoop>.Instance);
        _run = Task.Run(() => loop.RunAsync(_stop.Token));
    }

    private MirrorConfiguration Configuration(string? containerd)
    {
        Assert.True(ListenAddress.TryParse($"127.0.0.1:{_port}", out ListenAddress? address));
        return new MirrorConfiguration
        {
            Owner = NodeFolders.Owner,
            Registry = address,
            Debug = address,
            Mirrors = [NodeFolders.Rule("reg.example.com")],
            Runtime = new NodeRuntime(RuntimeKind.Containerd, containerd, [_node.Root]),
        };
    }

    private NodeReport? Report() => Status.Read(out NodeReport? report) is null ? report : null;

    private Task ReportedAsync(string reason) => HoldsAsync(() => Report()?.Reason == reason, $"{reason} is reported");

    private Task HoldsAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            _time.Advance(NodeConfigLoop.WaitingInterval);
            return Task.FromResult(condition());
        },
        what);
}
