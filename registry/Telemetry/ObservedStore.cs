using System.Diagnostics;
using System.Runtime.CompilerServices;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Telemetry;

/// <summary>
/// Counts and traces what is asked of a store. Actions bear the names that Docker's registry has for them, as far as it has any: a read is
/// <c>GetContent</c> and lasts until the content begins, a copy is the <c>Move</c> at the end of an upload.
/// </summary>
internal sealed class ObservedStore(IObjectStore inner, string driver, TimeProvider time, RegistryMetrics? metrics, RegistryTracing? tracing) : IObjectStore
{
    public Task<long?> StatAsync(string key, CancellationToken cancellationToken) => ObserveAsync("Stat", key, () => inner.StatAsync(key, cancellationToken));

    public Task<ObjectContent?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken) =>
        ObserveAsync("GetContent", key, () => inner.OpenAsync(key, offset, length, cancellationToken));

    public Task<bool> WriteAsync(string key, ReadOnlyMemory<byte> content, bool onlyIfAbsent, CancellationToken cancellationToken) =>
        ObserveAsync("PutContent", key, () => inner.WriteAsync(key, content, onlyIfAbsent, cancellationToken));

    public async Task<IPartWriter> BeginAsync(string key, CancellationToken cancellationToken) =>
        new PartWriter(this, key, await ObserveAsync("Writer", key, () => inner.BeginAsync(key, cancellationToken)));

    public Task CopyAsync(string source, string destination, long size, CancellationToken cancellationToken) =>
        ObserveAsync("Move", destination, () => inner.CopyAsync(source, destination, size, cancellationToken));

    public Task<bool> DeleteFolderAsync(string prefix, CancellationToken cancellationToken) =>
        ObserveAsync("Delete", prefix, () => inner.DeleteFolderAsync(prefix, cancellationToken));

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => ObserveAsync("Delete", key, () => inner.DeleteAsync(key, cancellationToken));

    public IPartWriter Resume(string key, PartsSoFar parts) => new PartWriter(this, key, inner.Resume(key, parts));

    public IAsyncEnumerable<UnfinishedObject> ListUnfinishedAsync(string prefix, CancellationToken cancellationToken) =>
        ObserveListAsync("ListUnfinished", prefix, inner.ListUnfinishedAsync(prefix, cancellationToken), cancellationToken);

    public Task AbortAsync(UnfinishedObject unfinished, CancellationToken cancellationToken) =>
        ObserveAsync("Abort", unfinished.Key, () => inner.AbortAsync(unfinished, cancellationToken));

    public IAsyncEnumerable<string> ListAsync(string prefix, string? after, CancellationToken cancellationToken) =>
        ObserveListAsync("List", prefix, inner.ListAsync(prefix, after, cancellationToken), cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => ObserveAsync("Probe", "", () => inner.ProbeAsync(cancellationToken));

    public void Dispose() => inner.Dispose();

    private async IAsyncEnumerable<T> ObserveListAsync<T>(
        string action, string prefix, IAsyncEnumerable<T> list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What counts is the wait for the store, not what the caller does with each name.
        TimeSpan waited = TimeSpan.Zero;
        Activity? around = Activity.Current;
        using Activity? activity = tracing?.BeginAction(driver, action, prefix);
        Activity.Current = around;
        await using IAsyncEnumerator<T> items = list.GetAsyncEnumerator(cancellationToken);
        bool failed = false;
        try
        {
            while (true)
            {
                long started = time.GetTimestamp();
                bool hasMore;
                try
                {
                    hasMore = await items.MoveNextAsync();
                }
                catch (StoreException e)
                {
                    failed = true;
                    activity?.SetStatus(ActivityStatusCode.Error, e.Message);
                    throw;
                }
                finally
                {
                    waited += time.GetElapsedTime(started);
                }

                if (!hasMore)
                {
                    break;
                }

                yield return items.Current;
            }
        }
        finally
        {
            metrics?.Acted(action, waited, failed);
        }
    }

    private Task<bool> ObserveAsync(string action, string key, Func<Task> call) => ObserveAsync(action, key, async () =>
    {
        await call();
        return true;
    });

    private async Task<T> ObserveAsync<T>(string action, string key, Func<Task<T>> call)
    {
        long started = time.GetTimestamp();
        bool failed = false;
        using Activity? activity = tracing?.BeginAction(driver, action, key);
        try
        {
            return await call();
        }
        catch (StoreException e)
        {
            failed = true;
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            metrics?.Acted(action, time.GetElapsedTime(started), failed);
        }
    }

    private sealed class PartWriter(ObservedStore store, string key, IPartWriter inner) : IPartWriter
    {
        public Task WriteAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            store.ObserveAsync("WriterWrite", key, () => inner.WriteAsync(number, content, cancellationToken));

        public Task<bool> CompleteAsync(bool onlyIfAbsent, CancellationToken cancellationToken) =>
            store.ObserveAsync("WriterCommit", key, () => inner.CompleteAsync(onlyIfAbsent, cancellationToken));

        public int First => inner.First;

        public PartsSoFar Progress => inner.Progress;

        public void Leave() => inner.Leave();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
