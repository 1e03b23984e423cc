namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>All scenarios, in the order in which they run.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new Start(),
        new ColdGet(),
        new HotGet(),
        new Ranges(),
        new SkopeoCopy(),
        new PutPush(),
        new Rate(),
        new Shaped(),
        new S3Requests(),
        new FanOut(),
        new ClientsCurve(),
        new SizesCurve(),
        new TagsCurve(),
        new EntriesCurve(),
    ];
}
