using System.Globalization;

namespace LocalRegistry.Benchmarks.Candidates;

/// <summary>What the kernel says of a process.</summary>
/// <param name="Resident">Its memory now (<c>VmRSS</c>), in megabytes of 1,000,000 bytes.</param>
/// <param name="Peak">The most that it ever had (<c>VmHWM</c>), in the same unit.</param>
/// <param name="Cpu">The processor's time that it took so far, its own and the kernel's for it, in seconds.</param>
internal readonly record struct ProcessFigures(double Resident, double Peak, double Cpu)
{
    // USER_HZ, the unit of /proc/PID/stat, is this on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>The figures of a process.</summary>
    /// <exception cref="CandidateException">It has ended.</exception>
    public static ProcessFigures Of(int processId)
    {
        string folder = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}";
        try
        {
            Dictionary<string, string> status = File.ReadLines($"{folder}/status")
                .Select(line => line.Split(':', 2))
                .ToDictionary(pair => pair[0], pair => pair[1]);
            string stat = File.ReadAllText($"{folder}/stat");

            // The second field is the program's name in brackets, in which anything may stand; utime and stime are the 14th and 15th.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            double ticks = double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
            return new ProcessFigures(Megabytes(status["VmRSS"]), Megabytes(status["VmHWM"]), ticks / TicksPerSecond);
        }
        catch (Exception e) when (e is IOException or KeyNotFoundException)
        {
            throw new CandidateException($"the process has ended: {e.Message}");
        }
    }

    // The kernel counts in units of 1,024 bytes and calls them kB.
    private static double Megabytes(string value) => double.Parse(value.Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6;
}
