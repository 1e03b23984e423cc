namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>How the taking of a body ended.</summary>
internal enum AppendOutcome
{
    /// <summary>All was taken.</summary>
    Taken,

    /// <summary>The upload would be larger than any may be; it has been dropped.</summary>
    TooLarge,

    /// <summary>The client is slow, and others that are slow as well hold all memory that there is for such; the upload has been dropped.</summary>
    NoRoom,

    /// <summary>Another process took a body for the same upload at the same time and was first; this one was not taken.</summary>
    Overtaken,
}
