namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>
/// An object under construction. It becomes visible by <see cref="CompleteAsync"/> alone; disposing without it takes back what was written, unless
/// it was left to another writer by <see cref="Leave"/>.
/// </summary>
internal interface IPartWriter : IAsyncDisposable
{
    /// <summary>The most parts that an object may have, and the highest number of one: S3's.</summary>
    public const int MaximumParts = 10_000;

    /// <summary>The number that the first part of this writer gets; those after it get the next ones.</summary>
    int First { get; }

    /// <summary>What another writer needs to go on from here; to be asked for while no part is on its way.</summary>
    PartsSoFar Progress { get; }

    /// <summary>Writes one part; parts may be written side by side.</summary>
    /// <param name="number">The part's number, from <see cref="First"/> to <see cref="MaximumParts"/>.</param>
    /// <param name="content">At least 5 MiB, unless it is the last part.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task WriteAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Makes the object visible.</summary>
    /// <returns>False if <paramref name="onlyIfAbsent"/> is asked for and the object is there already.</returns>
    /// <exception cref="StoreException">
    /// With <see cref="StoreFailure.Missing"/> if the parts that this writer knows of are not there any more.
    /// </exception>
    Task<bool> CompleteAsync(bool onlyIfAbsent, CancellationToken cancellationToken);

    /// <summary>Leaves what was written to another writer (<see cref="IObjectStore.Resume"/>): disposing takes nothing back.</summary>
    void Leave();
}
