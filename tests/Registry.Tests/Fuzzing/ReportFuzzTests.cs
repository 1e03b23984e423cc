using System.Text;
using CsCheck;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>The reports that pass through Kubernetes: any text is one or none, and any report fits and reads back.</summary>
public sealed class ReportFuzzTests
{
    private const int MostBytes = 4095;

    private static readonly string Node = new NodeReport { State = NodeState.Blocked, Reason = "A", Message = "b\"c", Hosts = 1, Configured = 2, LastMirroredRequest = DateTimeOffset.UnixEpoch }.ToJson();
    private static readonly string Check = new CheckReport("ReadWrite", new CheckIdentity("arn:aws:iam::1:role/r", "web-identity", "r"), [new CheckResult("PutObject", CheckOutcome.Failed, "s3:PutObject", "arn:x", "no"), new CheckResult("a", CheckOutcome.Passed, null, null, "")]).ToJson();

    private static readonly Gen<string> Messages = Gen.OneOf(Texts.Any, Gen.Select(Gen.OneOf("a", "\"", "\n", "\u00e9", "\U0001F600", "\ud800", "\\", "\u0001"), Gen.Int[0, 6000], (letter, count) => string.Concat(Enumerable.Repeat(letter, count))));

    [Fact]
    public void Any_text_is_a_node_report_that_reads_back_or_none() => Property.Holds(JsonMutation.Of(Node, "[]").Select(Encoding.UTF8.GetString), text =>
    {
        if (NodeReport.Parse(text) is { } report)
        {
            string json = report.ToJson();
            Assert.NotNull(NodeReport.Parse(json));
            Assert.True(Encoding.UTF8.GetByteCount(json) <= MostBytes || report.Reason.Length > 1000, "a reason is one word");
        }
    });

    [Fact]
    public void Any_text_is_a_check_report_that_fits_and_reads_back_or_none() => Property.Holds(JsonMutation.Of(Check, "{}").Select(Encoding.UTF8.GetString), text =>
    {
        if (CheckReport.TryParse(text) is { } report)
        {
            Assert.NotNull(CheckReport.TryParse(report.ToJson()));
        }
    });

    [Fact]
    public void Any_node_report_fits_and_reads_back() => Property.Holds(Gen.Select(Messages, Gen.Enum<NodeState>(), Gen.Int, Gen.DateTimeOffset), input =>
    {
        var report = new NodeReport { State = input.Item2, Reason = NodeReasons.NoConfigPath, Message = input.Item1, Hosts = input.Item3, LastMirroredRequest = input.Item4 };
        string json = report.ToJson();

        Assert.InRange(Encoding.UTF8.GetByteCount(json), 1, MostBytes);
        Assert.Equal(report with { Message = "" }, NodeReport.Parse(json)! with { Message = "" });
    });

    [Fact]
    public void Any_check_report_fits_and_reads_back() => Property.Holds(
        Gen.Select(Gen.Select(Messages, Gen.Enum<CheckOutcome>(), Messages, Messages, Texts.Any).Array[0, 12], Messages, Messages),
        input =>
        {
            var report = new CheckReport("ReadOnly", new CheckIdentity(input.Item2, input.Item3), [.. input.Item1.Select(c => new CheckResult(c.Item5, c.Item2, c.Item3, c.Item4, c.Item1))]);
            string json = report.ToJson();
            CheckReport? read = CheckReport.TryParse(json);

            Assert.InRange(Encoding.UTF8.GetByteCount(json), 1, MostBytes);
            Assert.NotNull(read);
            // What did not pass is never shortened into a report that passes.
            Assert.Equal(report.Passed, read.Passed);
        },
        2000);
}
