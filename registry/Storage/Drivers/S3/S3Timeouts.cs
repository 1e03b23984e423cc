namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// How long the store is waited for. What moves is never cut, however slow it is; what stands still is, and is tried again on another connection
/// (three times, by the SDK's standard way).
/// </summary>
internal sealed record S3Timeouts
{
    /// <summary>Until a connection stands, with TLS.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>In which a body must get on, either way: a large part on a slow line gets on.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>From the end of a request that reads or deletes to the first byte of its answer.</summary>
    public TimeSpan ReadAnswer { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// From the last byte of a request that writes to the first of its answer. Longer than reads have: the kernel may still hold megabytes of the
    /// body, and a copy or the completion of an upload is work.
    /// </summary>
    public TimeSpan WriteAnswer { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For a whole read up to the first byte of an object, all tries and the pauses between them counted: whoever pulls is told in time.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(12);
}
