using System.Text;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>How many hosts become one report.</summary>
public sealed class NodeReportsTests
{
    [Fact]
    public void All_good_is_configured_and_a_doubt_is_said()
    {
        NodeReport report = NodeReports.Of([HostState.Good("a"), HostState.Good("b")], 2, "but perhaps not");

        Assert.Equal((NodeState.Configured, NodeReasons.Configured, 2, 2), (report.State, report.Reason, report.Hosts, report.Configured));
        Assert.EndsWith("; but perhaps not", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_has_to_see_to_comes_first()
    {
        NodeReport report = NodeReports.Of(
            [HostState.Good("a"), new("b", NodeReasons.NotWritten, "later"), new("c", NodeReasons.OtherOwner, "somebody else's")], 3, null);

        Assert.Equal((NodeState.Blocked, NodeReasons.OtherOwner, 3, 1), (report.State, report.Reason, report.Hosts, report.Configured));
        Assert.Equal("c: somebody else's; b: later", report.Message);
    }

    [Fact]
    public void What_is_only_not_written_yet_is_waited_for() =>
        Assert.Equal(NodeState.Waiting, NodeReports.Of([new("b", NodeReasons.NotWritten, "later")], 1, null).State);

    [Fact]
    public void Of_many_hosts_the_worst_few_are_named_and_it_fits()
    {
        HostState[] states = [.. Enumerable.Range(0, 32).Select(i => new HostState($"h{i}", NodeReasons.NotWritable, new string('"', 3000)))];

        NodeReport report = NodeReports.Of(states, 32, null);

        Assert.EndsWith("; and 29 more", report.Message, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(report.ToJson()), 1, 4095);
        Assert.Equal(32, NodeReport.Parse(report.ToJson())?.Hosts);
    }

    [Fact]
    public void Restored_says_how_many_or_why_not()
    {
        Assert.Equal(NodeState.Restored, NodeReports.Restored([], "n/r", "/d").State);
        Assert.Equal("nothing of n/r is in /d", NodeReports.Restored([], "n/r", "/d").Message);
        Assert.Equal("1 host is put back as found for n/r in /d", NodeReports.Restored([HostState.Good("a")], "n/r", "/d").Message);
        NodeReport bad = NodeReports.Restored([HostState.Good("a"), new("b", NodeReasons.NotWritable, "no")], "n/r", "/d");
        Assert.Equal((NodeState.Blocked, NodeReasons.NotWritable, "b: no"), (bad.State, bad.Reason, bad.Message));
    }
}
