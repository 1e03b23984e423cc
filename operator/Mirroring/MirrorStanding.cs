namespace LocalRegistry.Operator.Mirroring;

/// <summary>How a node stands among those that are to pull through their registry.</summary>
internal enum MirrorStanding
{
    /// <summary>Nothing is known about its present pod yet.</summary>
    New,

    /// <summary>It pulls through its registry.</summary>
    Proven,

    /// <summary>Its last proof gave no answer, or is too old.</summary>
    Unknown,

    /// <summary>It does not pull through its registry.</summary>
    Failing,
}
