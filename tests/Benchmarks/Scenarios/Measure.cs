namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>What a scenario measures.</summary>
/// <param name="Name">What is measured, unique in its scenario.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="MoreIsBetter">Whether the larger value is the better one.</param>
/// <param name="Goals">What is wanted of it.</param>
internal sealed record Measure(string Name, string Unit, bool MoreIsBetter, params IReadOnlyList<Goal> Goals)
{
    /// <summary>Throughput of content.</summary>
    public static Measure Throughput(string name, params IReadOnlyList<Goal> goals) => new(name, "MB/s", MoreIsBetter: true, goals);

    /// <summary>Processor time by content.</summary>
    public static Measure CpuPerGigabyte(string name, params IReadOnlyList<Goal> goals) => new(name, "CPU s/GB", MoreIsBetter: false, goals);

    /// <summary>Memory.</summary>
    public static Measure Memory(string name, params IReadOnlyList<Goal> goals) => new(name, "MB", MoreIsBetter: false, goals);

    /// <summary>Bytes that pass.</summary>
    public static Measure Megabytes(string name, params IReadOnlyList<Goal> goals) => new(name, "MB", MoreIsBetter: false, goals);

    /// <summary>A duration in milliseconds.</summary>
    public static Measure Milliseconds(string name, params IReadOnlyList<Goal> goals) => new(name, "ms", MoreIsBetter: false, goals);

    /// <summary>A duration in seconds.</summary>
    public static Measure Seconds(string name, params IReadOnlyList<Goal> goals) => new(name, "s", MoreIsBetter: false, goals);

    /// <summary>A number of requests.</summary>
    public static Measure Requests(string name, params IReadOnlyList<Goal> goals) => new(name, "requests", MoreIsBetter: false, goals);

    /// <summary>Requests by time.</summary>
    public static Measure Rate(string name, params IReadOnlyList<Goal> goals) => new(name, "requests/s", MoreIsBetter: true, goals);
}
