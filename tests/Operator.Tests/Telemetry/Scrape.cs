using System.Globalization;
using System.Text.RegularExpressions;

namespace LocalRegistry.Operator.Tests.Telemetry;

/// <summary>What one scrape gave, in Prometheus' text format.</summary>
internal sealed partial class Scrape
{
    private Scrape(IReadOnlyList<Series> series, IReadOnlyDictionary<string, string> types) => (All, Types) = (series, types);

    public IReadOnlyList<Series> All { get; }

    /// <summary>Each metric's type, such as <c>gauge</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; }

    public static async Task<Scrape> OfAsync(Uri server, CancellationToken cancel)
    {
        using var client = new HttpClient();
        return Parse(await client.GetStringAsync(new Uri(server, "/metrics"), cancel));
    }

    public static Scrape Parse(string text)
    {
        var series = new List<Series>();
        var types = new Dictionary<string, string>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                string[] parts = line.Split(' ');
                types.Add(parts[2], parts[3]);
            }
            else if (!line.StartsWith('#'))
            {
                Match match = Line().Match(line);
                var labels = Label().Matches(match.Groups["labels"].Value).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
                series.Add(new Series(match.Groups["name"].Value, labels, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)));
            }
        }

        return new Scrape(series, types);
    }

    public IEnumerable<Series> Named(string name) => All.Where(s => s.Name == name);

    /// <summary>The value of the only series that has a name and these labels, each as <c>name=value</c>; null if there is none.</summary>
    public double? Value(string name, params string[] labels) =>
        Named(name).SingleOrDefault(s => labels.All(l => l.Split('=') is [var key, var value] && s.Labels.GetValueOrDefault(key) == value))?.Value;

    [GeneratedRegex("^(?<name>[a-z_]+)(\\{(?<labels>.*)\\})? (?<value>[^ ]+)")]
    private static partial Regex Line();

    [GeneratedRegex("([a-z_]+)=\"([^\"]*)\"")]
    private static partial Regex Label();

    internal sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
}
