using System.Globalization;

namespace LocalRegistry.Benchmarks.Reporting;

/// <summary>Prints results for people.</summary>
internal static class Report
{
    private const int NameWidth = 44;
    private const int ValueWidth = 13;

    public static void Write(BenchResult result, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Machine.Processor}, {result.Machine.Cores} cores, {result.Machine.MemoryGigabytes} GB, {result.Machine.System}, kernel {result.Machine.Kernel}, {result.Date:u}"));
        output.WriteLine(string.Join(", ", result.Versions.Select(v => $"{v.Key} {v.Value}")));
        output.WriteLine($"medians of {result.Rounds} rounds; ratios above 1 are ours being better");
        string[] candidates = [.. result.Versions.Keys];
        foreach (IGrouping<string, Finding> scenario in result.Findings.GroupBy(f => f.Scenario))
        {
            output.WriteLine();
            output.WriteLine($"{scenario.Key}: {result.Scenarios[scenario.Key]}");
            output.WriteLine(string.Concat(candidates.Select(c => c.PadLeft(ValueWidth)).Prepend("".PadRight(NameWidth))));
            foreach (Finding finding in scenario.Where(f => f.Medians.Count > 0))
            {
                WriteFinding(finding, candidates, output);
            }

            foreach (Remark remark in result.Remarks.Where(r => r.Scenario == scenario.Key))
            {
                output.WriteLine($"  {remark.Candidate}: {remark.Text}");
            }
        }

        int met = result.Findings.SelectMany(f => f.Verdicts).Count(v => v.Met == true);
        int missed = result.Findings.SelectMany(f => f.Verdicts).Count(v => v.Met == false);
        output.WriteLine();
        output.WriteLine($"{met} goals met, {missed} missed");
    }

    /// <summary>A value with the digits that tell something.</summary>
    public static string Number(double value) =>
        value.ToString(Math.Abs(value) switch { >= 100 => "#,0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);

    private static void WriteFinding(Finding finding, string[] candidates, TextWriter output)
    {
        string name = $"  {finding.Measure} [{finding.Unit}]";
        IEnumerable<string> values = candidates.Select(c => finding.Medians.TryGetValue(c, out double value) ? Number(value) : "-");
        output.WriteLine(string.Concat(values.Select(v => v.PadLeft(ValueWidth)).Prepend(name.PadRight(NameWidth))));
        foreach (Verdict verdict in finding.Verdicts.Where(v => v.Ratio is not null || v.WantedLimit is not null))
        {
            string ratio = verdict.Ratio is { } times ? $"{Number(times)} x {verdict.Against}" : "nobody to compare with";
            output.WriteLine($"    {verdict.Subject}: {ratio}{Wanted(verdict, finding.Unit)}");
        }
    }

    private static string Wanted(Verdict verdict, string unit)
    {
        string? goal = verdict switch
        {
            { WantedRatio: { } ratio } => FormattableString.Invariant($"{ratio} x"),
            { WantedLimit: { } limit } => FormattableString.Invariant($"at most {limit} {unit}"),
            _ => null,
        };
        return goal is null ? "" : $"; goal {goal}: {verdict.Met switch { true => "met", false => "MISSED", null => "unknown" }}";
    }
}
