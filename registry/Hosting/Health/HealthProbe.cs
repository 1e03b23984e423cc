namespace LocalRegistry.Registry.Hosting.Health;

/// <summary>One thing that is looked at to call the registry healthy.</summary>
/// <param name="name">What it is called in <c>/debug/health</c>.</param>
/// <param name="interval">How often it is looked at.</param>
/// <param name="threshold">Failures in a row that make the registry unhealthy.</param>
internal abstract class HealthProbe(string name, TimeSpan interval, int threshold)
{
    public string Name => name;

    public TimeSpan Interval => interval;

    public int Threshold => threshold;

    /// <summary>Looks once.</summary>
    /// <param name="cancellationToken">Ends the look, by an exception.</param>
    /// <returns>What is wrong, for a person; null if all is well.</returns>
    public abstract Task<string?> FindProblemAsync(CancellationToken cancellationToken);
}
