namespace LocalRegistry.Operator.Restoration;

/// <summary>How far a node is with being restored.</summary>
internal enum RestorationState
{
    /// <summary>Not to be restored: the resource wants its configuration there.</summary>
    Wanted,

    /// <summary>There is no such Node any more.</summary>
    Gone,

    /// <summary>A node-configuration pod is still there, and restores the node while it ends.</summary>
    Occupied,

    /// <summary>The node is not ready: it is restored when it comes back.</summary>
    NotReady,

    /// <summary>A restoring pod could be started.</summary>
    Due,

    /// <summary>A restoring pod is there.</summary>
    Running,

    /// <summary>A restoring pod could not do it.</summary>
    Failed,

    /// <summary>The node is as it was before.</summary>
    Restored,
}
