using LocalRegistry.Registry.Configuration.Check;
using Xunit;

namespace LocalRegistry.Registry.Tests.Checks;

public sealed class CheckReportTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(true, CheckOutcome.Passed, CheckOutcome.Skipped)]
    [InlineData(false, CheckOutcome.Passed, CheckOutcome.Failed)]
    [InlineData(false, CheckOutcome.Unknown, CheckOutcome.Skipped)]
    public void Passed_is_when_nothing_failed_and_nothing_stayed_unknown(bool passed, params CheckOutcome[] outcomes) =>
        Assert.Equal(passed, Report([.. outcomes.Select(o => new CheckResult("Any", o, null, null, ""))]).Passed);

    [Fact]
    public void ToJson_is_one_line_in_camel_case_that_reads_back()
    {
        CheckReport report = Report([new CheckResult("ListBucket", CheckOutcome.Failed, "s3:ListBucket", "arn:aws:s3:::b", "denied:\n\"x\"")]);

        string json = report.ToJson();
        CheckReport? read = CheckReport.TryParse(json);

        Assert.StartsWith("{\"access\":\"ReadOnly\",\"identity\":{\"arn\":\"arn:aws:iam::1:role/r\",\"source\":\"web-identity\"},\"checks\":[{\"name\":\"ListBucket\",\"outcome\":\"Failed\",", json, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', json);
        Assert.Equal(report.Identity, read!.Identity);
        Assert.Equal(report.Checks, read.Checks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("exec /registry: no such file")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"access\":\"ReadOnly\",\"checks\":[{\"outcome\":\"Perhaps\"}]}")]
    [InlineData("{}")]
    [InlineData("{\"error\":\"oom\"}")]
    [InlineData("{\"access\":\"ReadOnly\"}")]
    [InlineData("{\"checks\":[]}")]
    [InlineData("{\"access\":\"ReadOnly\",\"checks\":null}")]
    [InlineData("{\"access\":\"ReadOnly\",\"checks\":[null]}")]
    [InlineData("{\"access\":\"ReadOnly\",\"checks\":[{\"outcome\":\"Passed\"}]}")]
    [InlineData("{\"access\":\"ReadOnly\",\"identity\":{},\"checks\":[]}")]
    public void TryParse_of_what_is_no_report_is_null(string text) => Assert.Null(CheckReport.TryParse(text));

    // The registry and the operator that reads its report may be of different versions.
    [Theory]
    [InlineData(CheckIdentity.ConfigSource, "config")]
    [InlineData(CheckIdentity.EnvironmentSource, "environment")]
    [InlineData(CheckIdentity.WebIdentitySource, "web-identity")]
    [InlineData(CheckIdentity.ProfileSource, "profile")]
    [InlineData(CheckIdentity.ContainerSource, "container")]
    [InlineData(CheckIdentity.InstanceSource, "instance")]
    public void Source_is_written_as_it_always_was(string source, string written) => Assert.Contains(
        $"\"source\":\"{written}\"", new CheckReport("ReadOnly", new CheckIdentity(null, source), []).ToJson(), StringComparison.Ordinal);

    private static CheckReport Report(IReadOnlyList<CheckResult> results) =>
        new("ReadOnly", new CheckIdentity("arn:aws:iam::1:role/r", "web-identity"), results);
}
