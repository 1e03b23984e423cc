namespace LocalRegistry.Registry.Cache;

/// <summary>What a fill's first answer says.</summary>
/// <param name="Outcome">What there is.</param>
/// <param name="Whole">All bytes, with the right digest, if they are few.</param>
/// <param name="File">Where the bytes come, if they are many.</param>
internal readonly record struct FillStart(FillOutcome Outcome, byte[]? Whole = null, GrowingFile? File = null)
{
    /// <summary>The object's bytes; null if there is no such object, or it is not known.</summary>
    public long? Size => Whole?.Length ?? File?.Size;
}

/// <summary>What becomes of a fill.</summary>
internal enum FillOutcome
{
    /// <summary>The bytes are there, or come.</summary>
    Given,

    /// <summary>The store has no such object.</summary>
    Missing,

    /// <summary>There is no room for it, so that it is for the store to give: it has given it to <see cref="Fill.TakeRefused"/>.</summary>
    Refused,
}
