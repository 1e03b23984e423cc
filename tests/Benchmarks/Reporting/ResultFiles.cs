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

    /// <summary>Keeps a run under a name.</summary>
    public static Task WriteAsync(BenchResult result, string name, CancellationToken ct)
    {
        Directory.CreateDirectory(Repository.PathOf(Folder));
        return File.WriteAllTextAsync(PathOf(name, "json"), JsonSerializer.Serialize(result, Options) + "\n", ct);
    }

    private static string PathOf(string name, string extension) => Repository.PathOf($"{Folder}/{name}.{extension}");
}
