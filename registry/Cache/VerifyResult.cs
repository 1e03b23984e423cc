namespace LocalRegistry.Registry.Cache;

/// <summary>What was found when an entry was read again.</summary>
internal enum VerifyResult
{
    /// <summary>It has its digest.</summary>
    Whole,

    /// <summary>It has another one.</summary>
    Corrupt,

    /// <summary>The disk does not give its bytes.</summary>
    Unreadable,
}
