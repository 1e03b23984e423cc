using System.Runtime.Versioning;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using LocalRegistry.Registry.Tests.Mirror.Node;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Mirror;

/// <summary>node-config is killed at random moments while it writes and while it restores; the node never sees half of a file.</summary>
[SupportedOSPlatform("linux")]
public sealed class KilledNodeConfigTests : IDisposable
{
    private const int Kills = 100;
    private const int HostsOfEachKind = 8;

    // As long as writing all of them takes, roughly: kills fall before, into and after it.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly NodeFolders _node = new();
    private readonly string _status = Directory.CreateTempSubdirectory("status-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_kills_leave_every_file_whole_and_restore_gives_the_first_state()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int port = StandInRegistry.FreePort();
        using StandInRegistry registry = StandInRegistry.Start(port);
        PutOriginals();
        // One is asked for by both in two ways, one by each alone, so that every change writes and restores.
        MirrorRule[][] sets = [[.. Rules("both", ExistingMirrors.Merge), .. Rules("one", ExistingMirrors.Merge)], [.. Rules("both", ExistingMirrors.Replace), .. Rules("other", ExistingMirrors.Merge)]];
        string[] files = [.. sets.Select((rules, i) => NodeMirrorsFile.Put(_node, $"mirrors-{i}.yml", port, rules))];
        string status = Path.Combine(_status, "status.json");
        Dictionary<string, List<byte[]?>> allowed = Allowed(sets, port);
        IReadOnlyList<string> before = _node.Snapshot();
        int cutShort = 0;

        for (int kill = 0; kill < Kills; kill++)
        {
            await using NodeConfigProcess run = NodeConfigProcess.Start("run", files[kill % 2], "--status-file", status);
            await registry.AskedAsync(Token);
            if (kill % 4 >= 2)
            {
                await Wait.UntilAsync(
                    "the node to be configured",
                    _ => Task.FromResult(new StatusFile(status).Read(out NodeReport? report) is null ? report : null),
                    report => report?.State == NodeState.Configured,
                    Deadline,
                    Token);
                await run.TerminateAsync(Token);
            }

            // The moment is what is tested; there is no condition to wait for.
            await Task.Delay(random.NextDouble() * LongestWait, Token);
            await run.KillAsync();
            File.Delete(status);
            cutShort += AssertWhole(allowed, $"seed {seed}, kill {kill}") ? 0 : 1;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{cutShort} of {Kills} kills cut the work short");
        Assert.InRange(cutShort, 1, Kills);
        (int code, string output) = await NodeConfigProcess.RunAsync(
            Token, "restore", "--owner", NodeFolders.Owner, "--runtime", "containerd", "--directory", _node.Root);
        Assert.True(code == 0, output);
        Assert.Equal(before, _node.Snapshot());
    }

    public void Dispose()
    {
        _node.Dispose();
        Directory.Delete(_status, recursive: true);
    }

    private static IEnumerable<MirrorRule> Rules(string kind, ExistingMirrors existing) =>
        Hosts(kind).Select(h => NodeFolders.Rule(h, existing: existing));

    private static IEnumerable<string> Hosts(string kind) => Enumerable.Range(0, HostsOfEachKind).Select(i => $"{kind}{i}.example.com");

    // Half of the hosts have a file already.
    private static bool HasOriginal(string host) => (host[host.IndexOf('.', StringComparison.Ordinal) - 1] - '0') % 2 == 0;

    private static string Original(string host) => $"# of {host}\nserver = \"https://{host}\"\n[host.\"https://mirror.example\"]\nca = \"ca.pem\"\n";

    private void PutOriginals()
    {
        foreach (string host in new[] { "both", "one", "other" }.SelectMany(Hosts).Where(HasOriginal))
        {
            string file = _node.Put($"certs.d/{host}/hosts.toml", Original(host));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetLastWriteTimeUtc(file, new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        }
    }

    // What each host's file may say: what was there, or what either set makes of it.
    private Dictionary<string, List<byte[]?>> Allowed(MirrorRule[][] sets, int port)
    {
        var planner = new HostPlanner(NodeFolders.Owner, new Uri($"http://127.0.0.1:{port}"), [_node.Root, _node.Second]);
        var allowed = new Dictionary<string, List<byte[]?>>();
        foreach (MirrorRule rule in sets.SelectMany(s => s))
        {
            Assert.Null(planner.Plan(rule, out HostPlan? plan));
            if (!allowed.TryGetValue(rule.Host.Value, out List<byte[]?>? contents))
            {
                allowed[rule.Host.Value] = contents = [plan!.Folder.Content];
            }

            contents.Add(plan!.Content);
        }

        return allowed;
    }

    // Whether the node is as one of the sets, or nothing, would have it and nothing is left over.
    private bool AssertWhole(Dictionary<string, List<byte[]?>> allowed, string when)
    {
        bool isFinished = Directory.GetDirectories(_node.Root, ".*").Length == 0 && Directory.GetFiles(_node.Root, "*-new", SearchOption.AllDirectories).Length == 0;
        foreach ((string host, List<byte[]?> contents) in allowed)
        {
            string file = _node.Hosts(host);
            // A folder without its file would hide what is configured for all hosts.
            Assert.True(File.Exists(file) || !Directory.Exists(Path.GetDirectoryName(file)), $"{when}: {host} has a folder without a file");
            byte[]? content = File.Exists(file) ? File.ReadAllBytes(file) : null;
            int state = contents.FindIndex(c => (c, content) is (null, null) || (c is not null && content is not null && c.AsSpan().SequenceEqual(content)));
            Assert.True(state >= 0, $"{when}: {host} is neither the old nor the new");
            Assert.True(content is null || HostSettingsReader.Read(content, "/", out _) is null, $"{when}: {host} cannot be read");
            if (HasOriginal(host))
            {
                string original = state == 0 ? file : _node.Kept(host);
                Assert.Equal(Original(host), File.ReadAllText(original));
                Assert.Equal(new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc), File.GetLastWriteTimeUtc(original));
                isFinished &= state > 0 || !File.Exists(_node.Kept(host));
            }
        }

        string[] others = ["one", "other"];
        bool isMixed = others.All(kind => Hosts(kind).Any(h => File.Exists(_node.Kept(h))))
            || others.Append("both").Any(kind => Hosts(kind).Where(h => HasOriginal(h)).Select(h => File.Exists(_node.Kept(h))).Distinct().Count() > 1);
        return isFinished && !isMixed;
    }
}
