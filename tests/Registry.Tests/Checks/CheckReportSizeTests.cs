using System.Text;
using LocalRegistry.Registry.Configuration.Check;
using Xunit;

namespace LocalRegistry.Registry.Tests.Checks;

/// <summary>Kubernetes cuts a termination message at 4096 bytes, and half a report cannot be read.</summary>
public sealed class CheckReportSizeTests
{
    private const int Limit = 4096;

    private static readonly string[] Alphabets = ["abc", "\"\\", "\u0001\n", "é", "漢", "😀", "\ud800"];

    [Fact]
    public void ToJson_of_a_report_that_fits_keeps_every_word()
    {
        CheckReport report = Report(8, "message", 100, CheckOutcome.Failed);

        Assert.Equal(report.Checks, CheckReport.TryParse(report.ToJson())!.Checks);
    }

    // Every length from nothing to far too much, in letters of one to six bytes, for as many checks as there could ever be.
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(40)]
    public void ToJson_stays_below_the_limit_and_comes_to_the_same_verdict(int checks)
    {
        foreach (string alphabet in Alphabets)
        {
            foreach (CheckOutcome outcome in Enum.GetValues<CheckOutcome>())
            {
                for (int length = 0; length < 6000; length = (length * 3 / 2) + 1)
                {
                    CheckReport report = Report(checks, alphabet, length, outcome);

                    string json = report.ToJson();

                    Assert.InRange(Encoding.UTF8.GetByteCount(json), 1, Limit - 1);
                    CheckReport? read = CheckReport.TryParse(json);
                    Assert.NotNull(read);
                    Assert.Equal(report.Passed, read.Passed);
                }
            }
        }
    }

    [Fact]
    public void ToJson_of_a_report_that_is_too_long_shortens_what_passed_first()
    {
        string wrong = new('w', 1500);
        CheckReport report = Report(4, "p", 800, CheckOutcome.Passed);
        report = report with { Checks = [.. report.Checks, new CheckResult("DeleteCanary", CheckOutcome.Failed, "s3:DeleteObject", "arn", wrong)] };

        CheckReport read = CheckReport.TryParse(report.ToJson())!;

        Assert.Equal(wrong, read.Checks[^1].Message);
        Assert.All(read.Checks.SkipLast(1), c => Assert.EndsWith("...", c.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void ToJson_with_more_checks_than_fit_keeps_those_that_did_not_pass_in_their_order()
    {
        CheckReport report = Report(200, "p", 40, CheckOutcome.Passed);
        CheckResult[] wrong = [.. Enumerable.Range(0, 3).Select(i => new CheckResult($"Wrong{i}", CheckOutcome.Failed, null, null, "why"))];
        report = report with { Checks = [wrong[0], .. report.Checks, wrong[1], wrong[2]] };

        CheckReport read = CheckReport.TryParse(report.ToJson())!;

        Assert.Equal(wrong, read.Checks.Where(c => c.Outcome == CheckOutcome.Failed));
        Assert.False(read.Passed);
    }

    private static CheckReport Report(int checks, string alphabet, int length, CheckOutcome outcome)
    {
        string text = string.Concat(Enumerable.Repeat(alphabet, (length / alphabet.Length) + 1))[..length];
        return new CheckReport(
            "ReadWrite",
            new CheckIdentity(text, "web-identity", text),
            [.. Enumerable.Range(0, checks).Select(i => new CheckResult($"Check{i}", outcome, "s3:AbortMultipartUpload", text, text))]);
    }
}
