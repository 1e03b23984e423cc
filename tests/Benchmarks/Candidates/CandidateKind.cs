namespace LocalRegistry.Benchmarks.Candidates;

/// <summary>What a candidate is.</summary>
internal enum CandidateKind
{
    /// <summary>Our registry without a cache.</summary>
    Ours,

    /// <summary>Our registry with a node's cache.</summary>
    OursCached,

    /// <summary>Docker's registry 2.8.</summary>
    Docker,

    /// <summary>Docker's registry 3, which is called distribution since.</summary>
    Distribution,

    /// <summary>nginx, which sends a file: what the machine can do.</summary>
    Nginx,

    /// <summary>S3 itself, asked without a registry between.</summary>
    S3,
}
