namespace LocalRegistry.Operator.Mirroring;

/// <summary>How a node stands among those that are to pull through their registry.</summary>
internal enum MirrorStanding
{
    /// <summary>Nothing is known about its present pod yet, which has not been there for long.</summary>
    New,

    /// <summary>It pulls through its registry.</summary>
    Proven,

    /// <summary>No proof has given an answer, or not for too long; or it fails, and is not there to be asked again.</summary>
    Unknown,

    /// <summary>It does not pull through its registry.</summary>
    Failing,
}
