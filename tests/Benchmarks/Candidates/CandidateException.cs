namespace LocalRegistry.Benchmarks.Candidates;

/// <summary>A candidate does not do what a scenario needs: the scenario goes on without it, and the results say why.</summary>
internal sealed class CandidateException(string message) : Exception(message);
