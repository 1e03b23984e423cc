namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>What the project wants of a measure.</summary>
/// <param name="Subject">The candidate that has to reach it.</param>
/// <param name="Ratio">How many times better than whom it is compared with; null where only the value counts.</param>
/// <param name="Limit">The value that it may not exceed; null where only the ratio counts.</param>
/// <param name="Against">Whom it is compared with; null for the better one of Docker's registries.</param>
internal sealed record Goal(string Subject, double? Ratio, double? Limit = null, string? Against = null)
{
    /// <summary>A value that must not be exceeded.</summary>
    public static Goal AtMost(string subject, double limit) => new(subject, Ratio: null, Limit: limit);
}
