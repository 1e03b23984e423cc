using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>When a node's pod is ready.</summary>
public sealed class StatusFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly NodeFolders _node = new();

    private string Path => System.IO.Path.Combine(_node.Base, "status.json");

    [Theory]
    [InlineData(NodeState.Configured, true)]
    [InlineData(NodeState.Blocked, true)]
    [InlineData(NodeState.Waiting, false)]
    [InlineData(NodeState.Restored, false)]
    public void What_can_be_done_is_done_or_not(NodeState state, bool isReady) =>
        Assert.Equal(isReady ? null : "Why: because", WhyNotReady(state, TimeSpan.Zero));

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void An_old_report_says_nothing(int seconds, bool isReady)
    {
        string? why = WhyNotReady(NodeState.Configured, TimeSpan.FromSeconds(seconds));

        Assert.Equal(isReady ? null : "the last report is of 2026-01-31 11:58:59Z: node-config does not look at the node any more", why);
    }

    [Fact]
    public void Without_a_report_nothing_is_ready()
    {
        Assert.NotNull(new StatusFile(Path).WhyNotReady(Now));
        _node.Put("status.json", "{");
        Assert.Equal($"{Path} holds no report", new StatusFile(Path).WhyNotReady(Now));
    }

    public void Dispose() => _node.Dispose();

    private string? WhyNotReady(NodeState state, TimeSpan age)
    {
        var file = new StatusFile(Path);
        Assert.Null(file.Write(new NodeReport { State = state, Reason = "Why", Message = "because" }));
        File.SetLastWriteTimeUtc(Path, (Now - age).UtcDateTime);
        return file.WhyNotReady(Now);
    }
}
