using System.Text.Encodings.Web;
using System.Text.Json;
using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks.Reporting;

/// <summary>Keeps results as JSON under <c>tests/Benchmarks/results</c>.</summary>
internal static class ResultFiles
{
    private const string Folder = "tests/Benchmarks/results";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new RoundedNumber() },
    };

    /// <summary>Keeps a run under a name, with its plot.</summary>
    public static async Task WriteAsync(BenchResult result, string name, CancellationToken ct)
    {
        Directory.CreateDirectory(Repository.PathOf(Folder));
        await File.WriteAllTextAsync(PathOf(name, "json"), JsonSerializer.Serialize(result, Options) + "\n", ct);
        await using StreamWriter table = File.CreateText(PathOf(name, "txt"));
        Report.Write(result, table);
        await PlotAsync(name, ct);
    }

    /// <summary>Draws the plot of a run that was kept.</summary>
    public static async Task PlotAsync(string name, CancellationToken ct)
    {
        BenchResult result = JsonSerializer.Deserialize<BenchResult>(await File.ReadAllTextAsync(PathOf(name, "json"), ct), Options)!;
        await File.WriteAllTextAsync(PathOf(name, "svg"), Plot.Draw(result) + "\n", ct);
    }

    private static string PathOf(string name, string extension) => Repository.PathOf($"{Folder}/{name}.{extension}");
}
