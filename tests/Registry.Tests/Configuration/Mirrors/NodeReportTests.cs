using System.Text;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration.Mirrors;

public sealed class NodeReportTests
{
    private static readonly NodeReport Report = new()
    {
        State = NodeState.Blocked,
        Reason = NodeReasons.NoConfigPath,
        Message = "/etc/containerd/config.toml: \"config_path\" is not set",
        Hosts = 3,
        Configured = 1,
        LastMirroredRequest = new DateTimeOffset(2026, 11, 24, 21, 48, 0, TimeSpan.Zero),
    };

    [Fact]
    public void ToJson_and_Parse_keep_every_value()
    {
        Assert.Equal(
            """{"state":"Blocked","reason":"NoConfigPath","message":"/etc/containerd/config.toml: \"config_path\" is not set","hosts":3,"configured":1,"lastMirroredRequest":"2026-11-24T21:48:00+00:00"}""",
            Report.ToJson());
        Assert.Equal(Report, NodeReport.Parse(Report.ToJson()));
        foreach (NodeState state in Enum.GetValues<NodeState>())
        {
            NodeReport report = Report with { State = state, LastMirroredRequest = null };
            Assert.Equal(report, NodeReport.Parse(report.ToJson()));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("OOMKilled")]
    [InlineData("""{"state":"Configured","reason":"Configured"}""")]
    [InlineData("""{"state":"Configured","reason":"Configured","message":null}""")]
    [InlineData("""{"state":"Configured","reason":null,"message":""}""")]
    [InlineData("""{"state":null,"reason":"Configured","message":""}""")]
    [InlineData("""{"state":"Perfect","reason":"Configured","message":""}""")]
    [InlineData("""{"state":99,"reason":"Configured","message":""}""")]
    [InlineData("""{"state":"Configured","reason":"Configured","message":"","hosts":"many"}""")]
    [InlineData("""{"state":"Configured","reason":"Configured","message":"","lastMirroredRequest":"yesterday"}""")]
    [InlineData("""{"state":"Configured","reason":"Configured","message":""}{}""")]
    [InlineData("""{"state":"Configured","reason":"Configured","message":"cut""")]
    public void Parse_takes_nothing_else_for_a_report(string text) => Assert.Null(NodeReport.Parse(text));

    [Fact]
    public void Parse_takes_nesting_without_end_for_no_report() => Assert.Null(NodeReport.Parse(new string('[', 100_000)));

    [Theory]
    [InlineData("a")]
    [InlineData("\"")]
    [InlineData("\n")]
    [InlineData("\u00e9")]
    [InlineData("\U0001F600")]
    [InlineData("a\U0001F600")]
    public void ToJson_shortens_a_message_that_Kubernetes_would_cut(string letter)
    {
        for (int length = 1; length <= 8192; length *= 2)
        {
            string message = string.Concat(Enumerable.Repeat(letter, length));
            string json = (Report with { Message = message }).ToJson();
            NodeReport read = NodeReport.Parse(json)!;

            Assert.InRange(Encoding.UTF8.GetByteCount(json), 1, 4095);
            Assert.True(read.Message == message || (read.Message.EndsWith("...", StringComparison.Ordinal) && message.StartsWith(read.Message[..^3], StringComparison.Ordinal)));
            Assert.True(read.Message == message || Encoding.UTF8.GetByteCount(json) > 4000, "no more is taken off than has to be");
            Assert.Equal(read with { Message = "" }, Report with { Message = "" });
        }
    }
}
