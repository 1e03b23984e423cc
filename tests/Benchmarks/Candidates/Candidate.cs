namespace LocalRegistry.Benchmarks.Candidates;

/// <summary>What is measured.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What it is called on the command line and in the results.</param>
/// <param name="Program">Its executable; empty for S3, which runs already.</param>
/// <param name="Version">What its package or its executable says of itself.</param>
internal sealed record Candidate(CandidateKind Kind, string Name, string Program, string Version)
{
    public const string Ours = "ours";
    public const string OursCached = "ours-cache";
    public const string Nginx = "nginx";
    public const string S3 = "s3";

    /// <summary>Whether it is our registry.</summary>
    public bool IsOurs => Kind is CandidateKind.Ours or CandidateKind.OursCached;

    /// <summary>Whether it is another registry, to which ours is compared.</summary>
    public bool IsPeer => Kind is CandidateKind.Docker or CandidateKind.Distribution;

    /// <summary>Whether it is a registry.</summary>
    public bool IsRegistry => IsOurs || IsPeer;
}
