using System.Globalization;
using System.Runtime.InteropServices;

namespace LocalRegistry.Benchmarks.Reporting;

/// <summary>What was measured on.</summary>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">How many of its cores.</param>
/// <param name="MemoryGigabytes">The memory, in gigabytes of 1,000,000,000 bytes.</param>
/// <param name="System">The operating system.</param>
/// <param name="Kernel">The kernel's version.</param>
internal sealed record MachineFacts(string Processor, int Cores, double MemoryGigabytes, string System, string Kernel)
{
    public static MachineFacts Read() => new(
        Value("/proc/cpuinfo", "model name", ':'),
        Environment.ProcessorCount,
        Math.Round(double.Parse(Value("/proc/meminfo", "MemTotal", ':').Split(' ')[0], CultureInfo.InvariantCulture) * 1024 / 1e9, 1),
        Value("/etc/os-release", "PRETTY_NAME", '=').Trim('"'),
        $"{Environment.OSVersion.Version} {RuntimeInformation.OSArchitecture}");

    private static string Value(string file, string key, char separator) =>
        File.ReadLines(file).Select(line => line.Split(separator, 2)).FirstOrDefault(pair => pair[0].Trim() == key) is [_, var value] ? value.Trim() : "unknown";
}
