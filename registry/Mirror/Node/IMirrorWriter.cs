namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>Tells one kind of runtime of the mirrors.</summary>
internal interface IMirrorWriter
{
    /// <summary>Compares what is there with what should be, and changes nothing.</summary>
    IReadOnlyList<HostState> Inspect();

    /// <summary>
    /// Writes what differs, and restores the own files of hosts that are no longer asked for. Doing it again changes nothing. Hosts that are
    /// no longer asked for are only in the answer if they could not be restored.
    /// </summary>
    IReadOnlyList<HostState> Apply();

    /// <summary>Puts back everything of this owner. The answer has what was put back and what could not be.</summary>
    IReadOnlyList<HostState> Restore();
}
