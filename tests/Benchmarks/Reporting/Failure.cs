namespace LocalRegistry.Benchmarks.Reporting;

/// <summary>A candidate could not do a scenario.</summary>
/// <param name="Scenario">Which.</param>
/// <param name="Candidate">Who.</param>
/// <param name="Message">Why.</param>
internal sealed record Failure(string Scenario, string Candidate, string Message);
