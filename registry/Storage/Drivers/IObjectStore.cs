namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>
/// Where objects lie. Keys are relative paths joined by slashes, made by <see cref="KeyLayout"/> alone. Reads see a completed write at once.
/// Every method throws <see cref="StoreException"/> if the store cannot be reached or refuses.
/// </summary>
internal interface IObjectStore : IDisposable
{
    /// <summary>The size of an object in bytes; null if there is none.</summary>
    Task<long?> StatAsync(string key, CancellationToken cancellationToken);

    /// <summary>Opens an object; null if there is none.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="offset">The first byte to read; must lie inside the object unless it is 0.</param>
    /// <param name="length">How many bytes to read at most; null for all.</param>
    /// <param name="cancellationToken">Ends the call, not the reading.</param>
    Task<ObjectContent?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>Writes an object whole: it is seen complete or not at all.</summary>
    /// <returns>False if <paramref name="onlyIfAbsent"/> is asked for and the object is there already.</returns>
    Task<bool> WriteAsync(string key, ReadOnlyMemory<byte> content, bool onlyIfAbsent, CancellationToken cancellationToken);

    /// <summary>Begins an object that is written in parts.</summary>
    Task<IPartWriter> BeginAsync(string key, CancellationToken cancellationToken);

    /// <summary>Goes on with an object that another writer has left, under the same key.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="parts">How far the other writer had come. What was written since then is written again.</param>
    IPartWriter Resume(string key, PartsSoFar parts);

    /// <summary>The objects below a prefix that are under construction, in no promised order.</summary>
    IAsyncEnumerable<UnfinishedObject> ListUnfinishedAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Takes back what was written of an object under construction; one that is not there is no error.</summary>
    Task AbortAsync(UnfinishedObject unfinished, CancellationToken cancellationToken);

    /// <summary>Copies an object within the store, replacing what is there.</summary>
    /// <param name="source">The object's key.</param>
    /// <param name="destination">The key of the copy.</param>
    /// <param name="size">The object's size in bytes, which whoever has written it knows.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StoreException">With <see cref="StoreFailure.Missing"/> if there is no such object.</exception>
    Task CopyAsync(string source, string destination, long size, CancellationToken cancellationToken);

    /// <summary>Deletes every object below a prefix that ends with a slash, in no promised order, and the folder itself where the store has folders.</summary>
    /// <returns>False if there was nothing.</returns>
    Task<bool> DeleteFolderAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes an object; one that is not there is no error.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// The names directly below a prefix that ends with a slash, folders and objects alike, in the store's order: the ordinal one of keys, where a
    /// folder's key has its slash. So the folder <c>a-b</c> comes before the folder <c>a</c>, as it does in S3. What comes later is asked for only
    /// when the enumeration gets there.
    /// </summary>
    /// <param name="prefix">The folder; empty or ending with a slash.</param>
    /// <param name="after">
    /// Only what has a key below the prefix that comes after this text, which has no slash; null for all. The folder of that very name is given,
    /// since its slash comes after it.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    IAsyncEnumerable<string> ListAsync(string prefix, string? after, CancellationToken cancellationToken);

    /// <summary>All names directly below a prefix, as <see cref="ListAsync(string, string?, CancellationToken)"/> gives them.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) => ListAsync(prefix, null, cancellationToken);

    /// <summary>Asks the store for a sign of life.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);
}
