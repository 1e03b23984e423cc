using System.Globalization;
using System.Text.RegularExpressions;

namespace LocalRegistry.Registry.Tests.Telemetry;

/// <summary>What a registry answers to Prometheus, read: series by name and labels as they are written.</summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, double> _series = new(StringComparer.Ordinal);

    public Scrape(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            if (Sample().Match(line) is { Success: true } sample)
            {
                _series.Add(sample.Groups["series"].Value, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>The names of all series with the names of their labels: <c>registry_storage_cache_total{type}</c>.</summary>
    public IReadOnlySet<string> Shapes => _series.Keys.Select(ShapeOf).ToHashSet(StringComparer.Ordinal);

    /// <summary>The series with their labels.</summary>
    public IReadOnlyCollection<string> Series => _series.Keys;

    /// <summary>The value of a series; NaN if it is not there.</summary>
    public double this[string series] => _series.GetValueOrDefault(series, double.NaN);

    /// <summary>Asks a debug listener.</summary>
    public static async Task<Scrape> OfAsync(Uri url, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        return new Scrape(await client.GetStringAsync(url, cancellationToken));
    }

    private static string ShapeOf(string series)
    {
        int brace = series.IndexOf('{', StringComparison.Ordinal);
        return brace < 0 ? series : $"{series[..brace]}{{{string.Join(',', Label().Matches(series).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal))}}}";
    }

    [GeneratedRegex("^(?<series>[a-z_0-9]+(\\{.*\\})?) (?<value>\\S+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    [GeneratedRegex("[{,]([a-z_]+)=\"")]
    private static partial Regex Label();
}
