using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using LocalRegistry.Registry.Tests.Mirror.Node;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Mirror;

/// <summary><c>registry node-config</c> as pods run it: its files, answers and exit codes.</summary>
public sealed class NodeConfigCommandTests : IDisposable
{
    private const string Original = "# theirs\n[host.\"https://b.example\"]\n";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly NodeFolders _node = new();
    private readonly int _port = StandInRegistry.FreePort();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_configures_and_SIGTERM_restores()
    {
        _node.Put("certs.d/docker.io/hosts.toml", Original);
        string mirrors = NodeMirrorsFile.Put(_node, "mirrors.yml", _port, NodeFolders.Rule("docker.io"), NodeFolders.Rule("*"));
        string status = Path.Combine(_node.Base, "status.json");
        IReadOnlyList<string> before = _node.Snapshot();
        Assert.Equal(1, (await NodeConfigProcess.RunAsync(Token, "ready", "--status-file", status)).Code);

        await using NodeConfigProcess run = NodeConfigProcess.Start("run", mirrors, "--status-file", status);
        await Wait.UntilAsync("a report that waits", _ => ReadyAsync(status), r => r.Output.Contains("WaitingForRegistry", StringComparison.Ordinal), Deadline, Token);
        using StandInRegistry registry = StandInRegistry.Start(_port, "{\"last\":\"2026-11-24T20:00:00Z\"}");
        await Wait.UntilAsync("the node to be configured", _ => ReadyAsync(status), r => r.Code == 0, Deadline, Token);

        (int code, string output) = await NodeConfigProcess.RunAsync(Token, "report", mirrors, "--output", Path.Combine(_node.Base, "answer"));
        NodeReport report = NodeReport.Parse(output)!;
        Assert.Equal((0, NodeState.Configured, 2, 2), (code, report.State, report.Hosts, report.Configured));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 20, 0, 0, TimeSpan.Zero), report.LastMirroredRequest);
        Assert.Equal(report, NodeReport.Parse(await File.ReadAllTextAsync(Path.Combine(_node.Base, "answer"), Token)));

        await run.TerminateAsync(Token);
        Assert.Equal(0, await run.EndAsync(Token));

        File.Delete(status);
        File.Delete(Path.Combine(_node.Base, "answer"));
        Assert.Equal(before, _node.Snapshot());
        Assert.All(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), l => Assert.StartsWith("time=\"", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restore_puts_back_what_a_killed_process_wrote_and_needs_no_mirrors()
    {
        _node.Put("certs.d/docker.io/hosts.toml", Original);
        IReadOnlyList<string> before = _node.Snapshot();
        _node.Writer(NodeFolders.Rule("docker.io"), NodeFolders.Rule("reg.example.com")).Apply();
        string answer = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        (int code, string output) = await RestoreAsync(answer);

        Assert.Equal((0, NodeState.Restored), (code, NodeReport.Parse(output)?.State));
        Assert.Equal(NodeReport.Parse(output), NodeReport.Parse(await File.ReadAllTextAsync(answer, Token)));
        File.Delete(answer);
        Assert.Equal(before, _node.Snapshot());
        Assert.Equal(0, (await RestoreAsync(answer)).Code);
        File.Delete(answer);
    }

    [Theory]
    [InlineData("registry", "/etc/containerd/certs.d", 2, "--owner: must be a LocalRegistry's namespace/name, not \"registry\"")]
    [InlineData(NodeFolders.Owner, "certs.d", 2, "--directory: must be an absolute path")]
    [InlineData(NodeFolders.Owner, "/", 2, "--directory: must be an absolute path")]
    [InlineData(NodeFolders.Owner, "/etc/../certs.d", 2, "not \"/etc/../certs.d\"")]
    [InlineData(NodeFolders.Owner, "/no/such/folder/", 1, "/no/such/folder is not there")]
    public async Task Restore_says_what_is_wrong_with_its_arguments(string owner, string directory, int expected, string said)
    {
        (int code, string output) = await NodeConfigProcess.RunAsync(Token, "restore", "--owner", owner, "--runtime", "containerd", "--directory", directory);

        Assert.Equal(expected, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_says_where_it_found_nothing()
    {
        (int code, string output) = await NodeConfigProcess.RunAsync(
            Token, "restore", "--owner", NodeFolders.Owner, "--runtime", "containerd", "--directory", _node.Root + "/");

        Assert.Equal((0, $"nothing of {NodeFolders.Owner} is in {_node.Root}"), (code, NodeReport.Parse(output)?.Message));
    }

    [Fact]
    public async Task A_blocked_node_is_ready_and_its_report_says_why()
    {
        _node.Put("certs.d/docker.io/hosts.toml", "no TOML at all");
        string mirrors = NodeMirrorsFile.Put(_node, "mirrors.yml", _port, NodeFolders.Rule("docker.io"));
        string status = Path.Combine(_node.Base, "status.json");
        using StandInRegistry registry = StandInRegistry.Start(_port);

        await using NodeConfigProcess run = NodeConfigProcess.Start("run", mirrors, "--status-file", status);

        await Wait.UntilAsync("the pod to be ready", _ => ReadyAsync(status), r => r.Code == 0, Deadline, Token);
        Assert.Null(new StatusFile(status).Read(out NodeReport? report));
        Assert.Equal((NodeState.Blocked, NodeReasons.UnreadableExisting), (report!.State, report.Reason));
    }

    [Fact]
    public async Task Restore_that_cannot_fails_and_says_why()
    {
        _node.Put("certs.d/docker.io/hosts.toml", Original);
        _node.Writer(NodeFolders.Rule("docker.io")).Apply();
        File.Delete(_node.Kept("docker.io"));
        File.CreateSymbolicLink(_node.Kept("docker.io"), "/etc/passwd");

        (int code, string output) = await RestoreAsync(Path.Combine(_node.Base, "answer"));

        Assert.Equal((1, NodeReasons.SymbolicLink), (code, NodeReport.Parse(output)?.Reason));
    }

    [Fact]
    public async Task Report_of_a_node_without_its_registry_waits_for_it()
    {
        string mirrors = NodeMirrorsFile.Put(_node, "mirrors.yml", _port, NodeFolders.Rule("docker.io"));
        IReadOnlyList<string> before = _node.Snapshot();

        (int code, string output) = await NodeConfigProcess.RunAsync(Token, "report", mirrors);

        Assert.Equal((0, NodeReasons.WaitingForRegistry), (code, NodeReport.Parse(output)?.Reason));
        Assert.Equal(before, _node.Snapshot());
    }

    [Theory]
    [InlineData("run", "owner: 1", "mirrors.yml")]
    [InlineData("report", "owner: n/r\nregistry: 127.0.0.1:5000\n", "runtime: is required")]
    public async Task A_bad_file_is_refused_with_its_own_code(string command, string text, string said)
    {
        string mirrors = _node.Put("mirrors.yml", text);
        string[] status = command == "run" ? ["--status-file", Path.Combine(_node.Base, "status")] : [];

        (int code, string output) = await NodeConfigProcess.RunAsync(Token, [command, mirrors, .. status]);

        Assert.Equal(2, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
        if (command == "run")
        {
            // Before anything can go wrong, so that what a process before it reported is not taken for its own.
            Assert.Equal(NodeState.Waiting, NodeReport.Parse(await File.ReadAllTextAsync(status[1], Token))?.State);
        }
    }

    public void Dispose() => _node.Dispose();

    private static Task<(int Code, string Output)> ReadyAsync(string status) => NodeConfigProcess.RunAsync(Token, "ready", "--status-file", status);

    private Task<(int Code, string Output)> RestoreAsync(string answer) => NodeConfigProcess.RunAsync(
        Token, "restore", "--owner", NodeFolders.Owner, "--runtime", "containerd", "--directory", _node.Root, "--output", answer);
}
