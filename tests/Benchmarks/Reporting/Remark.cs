namespace LocalRegistry.Benchmarks.Reporting;

/// <summary>What is to be said of a candidate in a scenario besides its numbers.</summary>
/// <param name="Scenario">Which.</param>
/// <param name="Candidate">Who.</param>
/// <param name="Text">What.</param>
internal sealed record Remark(string Scenario, string Candidate, string Text);
