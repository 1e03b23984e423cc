using System.Net;
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
        using (StandInRegistry earlier = StandInRegistry.Start(_port, hosts: HttpStatusCode.NotFound))
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
        using (StandInRegistry registry = StandInRegistry.Start(_port))
        {
            Start();
            await ReportedAsync(NodeReasons.Configured);
        }

        await ForgottenAsync();
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

    [Fact]
    public async Task Files_stay_while_the_registry_does_not_answer_at_all()
    {
        StandInRegistry registry = StandInRegistry.Start(_port);
        Start();
        await ReportedAsync(NodeReasons.Configured);
        registry.Dispose();

        await LookedAtAsync();
        await LookedAtAsync();

        Assert.Equal(NodeReasons.Configured, Report()?.Reason);
        Assert.True(File.Exists(Host));
    }

    [Fact]
    public async Task Files_are_put_back_while_the_registry_does_not_stand_in_for_the_hosts_any_more()
    {
        string theirs = _node.Put("certs.d/reg.example.com/hosts.toml", "# theirs\n");
        StandInRegistry first = StandInRegistry.Start(_port);
        Start();
        await ReportedAsync(NodeReasons.Configured);
        first.Dispose();

        using (StandInRegistry.Start(_port, hosts: HttpStatusCode.NotFound))
        {
            await ReportedAsync(NodeReasons.WaitingForRegistry);
            Assert.Equal("# theirs\n", await File.ReadAllTextAsync(theirs, TestContext.Current.CancellationToken));
            Assert.Equal(0, Report()?.Configured);
        }

        using StandInRegistry again = StandInRegistry.Start(_port);
        await ReportedAsync(NodeReasons.Configured);
        Assert.NotEqual("# theirs\n", await File.ReadAllTextAsync(theirs, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_several_hosts_those_are_put_back_that_the_registry_does_not_know_any_more()
    {
        StandInRegistry first = StandInRegistry.Start(_port);
        Start(Configuration(null, [_node.Root]) with { Mirrors = [NodeFolders.Rule("reg.example.com"), NodeFolders.Rule("old.example.com")] });
        await ReportedAsync(NodeReasons.Configured);
        first.Dispose();

        using StandInRegistry registry = StandInRegistry.Start(_port, hosts: HttpStatusCode.NotFound, known: "reg.example.com");
        await HoldsAsync(() => Report() is { Reason: NodeReasons.WaitingForRegistry, Configured: 1 }, "one host is left");

        Assert.False(File.Exists(_node.Hosts("old.example.com")));
        Assert.True(File.Exists(Host));
        File.Delete(Host);
        await HoldsAsync(() => File.Exists(Host), "the file is there again");
    }

    [Fact]
    public async Task It_ends_without_restoring_once_the_folder_is_another()
    {
        using (StandInRegistry registry = StandInRegistry.Start(_port))
        {
            Start();
            await ReportedAsync(NodeReasons.Configured);
        }

        // Without a registry nothing is written.
        await ForgottenAsync();
        string moved = Path.Combine(_node.Base, "moved");
        Directory.Move(_node.Root, moved);
        Directory.CreateDirectory(_node.Root);

        await HoldsAsync(() => _run!.IsCompleted, "it ends");

        Assert.False(await _run!);
        Assert.Equal((NodeState.Waiting, NodeReasons.NotWritten), (Report()?.State, Report()?.Reason));
        Assert.True(File.Exists(Path.Combine(moved, "reg.example.com", "hosts.toml")));
        Assert.Empty(Directory.GetFileSystemEntries(_node.Root));
    }

    [Fact]
    public async Task What_nobody_thought_of_is_told_and_the_next_look_may_go_well()
    {
        // No path has this character.
        List<string> directories = [_node.Root, "\0"];
        using StandInRegistry registry = StandInRegistry.Start(_port);
        Start(Configuration(null, directories));
        await ReportedAsync(NodeReasons.Failed);
        Assert.Equal(NodeState.Blocked, Report()?.State);
        Assert.StartsWith(nameof(ArgumentException), Report()?.Message, StringComparison.Ordinal);

        directories[1] = _node.Second;

        await ReportedAsync(NodeReasons.Configured);
        Assert.True(File.Exists(Host));
    }

    [Fact]
    public async Task A_host_that_is_not_asked_for_any_more_and_could_not_be_restored_is_tried_again()
    {
        string theirs = _node.Put("certs.d/old.example.com/hosts.toml", "# theirs\n");
        _node.Writer(NodeFolders.Rule("old.example.com")).Apply();
        string kept = _node.Kept("old.example.com");
        string aside = Path.Combine(_node.Base, "aside");
        File.Move(kept, aside);
        File.CreateSymbolicLink(kept, "/etc/passwd");
        using StandInRegistry registry = StandInRegistry.Start(_port);
        Start();
        await ReportedAsync(NodeReasons.SymbolicLink);
        await LookedAtAsync();
        Assert.Equal(NodeReasons.SymbolicLink, Report()?.Reason);

        File.Move(aside, kept, overwrite: true);

        await ReportedAsync(NodeReasons.Configured);
        Assert.Equal("# theirs\n", await File.ReadAllTextAsync(theirs, TestContext.Current.CancellationToken));
    }

    private void Start(string? containerd = null) => Start(Configuration(containerd is null ? null : _node.Put("config.toml", containerd), [_node.Root]));

    private void Start(MirrorConfiguration configuration)
    {
        _registry = new NodeRegistry(configuration);
        var loop = new NodeConfigLoop(
            configuration, new NodeMirrors(configuration), _registry, Status, _time, NullLogger<NodeConfigLoop>.Instance);
        _run = Task.Run(() => loop.RunAsync(_stop.Token));
    }

    private MirrorConfiguration Configuration(string? containerd, IReadOnlyList<string> directories)
    {
        Assert.True(ListenAddress.TryParse($"127.0.0.1:{_port}", out ListenAddress? address));
        return new MirrorConfiguration
        {
            Owner = NodeFolders.Owner,
            Registry = address,
            Debug = address,
            Mirrors = [NodeFolders.Rule("reg.example.com")],
            Runtime = new NodeRuntime(RuntimeKind.Containerd, containerd, directories),
        };
    }

    private NodeReport? Report() => Status.Read(out NodeReport? report) is null ? report : null;

    // With every look the status is written anew.
    private Task LookedAtAsync()
    {
        File.Delete(Path.Combine(_node.Base, "status.json"));
        return HoldsAsync(() => Report() is not null, "it is looked at again");
    }

    // A look that is under way while the registry goes may still have heard it; the one after it has not.
    private async Task ForgottenAsync()
    {
        await LookedAsync();
        await LookedAsync();
    }

    // Every look writes the status anew.
    private Task LookedAsync()
    {
        string file = Path.Combine(_node.Base, "status.json");
        DateTime before = File.GetLastWriteTimeUtc(file);
        return HoldsAsync(() => File.GetLastWriteTimeUtc(file) != before, "another look");
    }

    private Task ReportedAsync(string reason) => HoldsAsync(() => Report()?.Reason == reason, $"{reason} is reported");

    private Task HoldsAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            _time.Advance(NodeConfigLoop.WaitingInterval);
            return Task.FromResult(condition());
        },
        what);
}
