using System.Globalization;

namespace LocalRegistry.Benchmarks;

/// <summary>A process's resident memory in megabytes of 1,000,000 bytes.</summary>
/// <param name="Resident">All of it (<c>VmRSS</c>).</param>
/// <param name="Private">What is not mapped from files, which other processes may share (<c>RssAnon</c>).</param>
internal sealed record ProcessMemory(double Resident, double Private)
{
    public static ProcessMemory Of(int processId)
    {
        Dictionary<string, string> status = File.ReadLines($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/status")
            .Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return new ProcessMemory(Megabytes(status["VmRSS"]), Megabytes(status["RssAnon"]));
    }

    // The kernel counts in units of 1,024 bytes and calls them kB.
    private static double Megabytes(string value) => double.Parse(value.Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6;
}
