using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Reporting;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>Something that every candidate does in turn.</summary>
internal abstract class Scenario
{
    /// <summary>What it is called on the command line and in the results.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in one sentence.</summary>
    public abstract string About { get; }

    /// <summary>What it measures.</summary>
    public abstract IReadOnlyList<Measure> Measures { get; }

    /// <summary>Whether a candidate can do it.</summary>
    public virtual bool Takes(Candidate candidate) => candidate.IsRegistry;

    /// <summary>How often each candidate does it.</summary>
    public virtual int Rounds(int asked) => asked;

    /// <summary>Makes once what all candidates need.</summary>
    public virtual Task PrepareAsync(Bench bench, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Measures a candidate once.</summary>
    /// <exception cref="CandidateException">It cannot do it.</exception>
    public abstract Task MeasureAsync(Bench bench, Candidate candidate, Samples samples, CancellationToken ct);

    /// <summary>Removes what was made for it.</summary>
    public virtual Task CleanAsync(Bench bench, CancellationToken ct) => Task.CompletedTask;
}
