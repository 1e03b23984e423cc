using System.Globalization;

namespace LocalRegistry.Benchmarks;

/// <summary>What the starts of one registry have in common.</summary>
internal sealed class Summary(IReadOnlyList<Sample> samples)
{
    private static readonly (string What, string Unit, Func<Sample, double> Of)[] Figures =
    [
        ("ready", "ms", s => s.Ready),
        ("idle RSS", "MB", s => s.Idle.Resident),
        ("idle private", "MB", s => s.Idle.Private),
        ("RSS after S3", "MB", s => s.AfterS3.Resident),
        ("private after S3", "MB", s => s.AfterS3.Private),
    ];

    public async Task WriteAsync(string name, TextWriter output)
    {
        await output.WriteLineAsync(name);
        foreach ((string what, string unit, Func<Sample, double> of) in Figures)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {what,-17}{Median(of),7:0.0} {unit} ({samples.Max(of):0.0})"));
        }
    }

    /// <summary>Says how often another's medians go into these.</summary>
    public async Task WriteRatiosAsync(Summary other, TextWriter output)
    {
        await output.WriteLineAsync("Docker's to ours");
        foreach ((string what, _, Func<Sample, double> of) in Figures)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {what,-17}{Median(of) / other.Median(of),7:0.00} x"));
        }
    }

    private double Median(Func<Sample, double> of)
    {
        double[] sorted = [.. samples.Select(of).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
