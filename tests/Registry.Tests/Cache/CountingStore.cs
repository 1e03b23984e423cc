using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Tests.Cache;

/// <summary>A store that tells of each time that it is asked for bytes.</summary>
internal sealed class CountingStore(IObjectStore inner, Action opened) : IObjectStore
{
    public Task<ObjectContent?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        opened();
        return inner.OpenAsync(key, offset, length, cancellationToken);
    }

    public Task<long?> StatAsync(string key, CancellationToken cancellationToken) => inner.StatAsync(key, cancellationToken);

    public Task<bool> WriteAsync(string key, ReadOnlyMemory<byte> content, bool onlyIfAbsent, CancellationToken cancellationToken) =>
        inner.WriteAsync(key, content, onlyIfAbsent, cancellationToken);

    public Task<IPartWriter> BeginAsync(string key, CancellationToken cancellationToken) => inner.BeginAsync(key, cancellationToken);

    public IPartWriter Resume(string key, PartsSoFar parts) => inner.Resume(key, parts);

    public IAsyncEnumerable<UnfinishedObject> ListUnfinishedAsync(string prefix, CancellationToken cancellationToken) => inner.ListUnfinishedAsync(prefix, cancellationToken);

    public Task AbortAsync(UnfinishedObject unfinished, CancellationToken cancellationToken) => inner.AbortAsync(unfinished, cancellationToken);

    public Task CopyAsync(string source, string destination, long size, CancellationToken cancellationToken) =>
        inner.CopyAsync(source, destination, size, cancellationToken);

    public Task<bool> DeleteFolderAsync(string prefix, CancellationToken cancellationToken) => inner.DeleteFolderAsync(prefix, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

    public IAsyncEnumerable<string> ListAsync(string prefix, string? after, CancellationToken cancellationToken) => inner.ListAsync(prefix, after, cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => inner.ProbeAsync(cancellationToken);

    public void Dispose() => inner.Dispose();
}
