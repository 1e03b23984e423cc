namespace LocalRegistry.Registry.Cache;

/// <summary>How a fill ended.</summary>
internal enum FillResult
{
    /// <summary>The content is an entry.</summary>
    Done,

    /// <summary>The store has no such object.</summary>
    Missing,

    /// <summary>There was no room, or the disk refused: it was served and is not kept.</summary>
    Refused,

    /// <summary>Store or disk failed on the way.</summary>
    Failed,

    /// <summary>The bytes do not have the digest.</summary>
    Corrupt,

    /// <summary>Nobody has read anything of it.</summary>
    Left,
}
