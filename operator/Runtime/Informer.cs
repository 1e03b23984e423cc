using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>
/// Keeps a copy of a kind's objects: lists them, then watches from there. The watch is renewed every few minutes, because a connection that is
/// silently dead looks the same as a quiet cluster. After a list, what is missing from it counts as deleted, so no deletion is ever lost.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "Randomness only spreads load")]
internal sealed partial class Informer<T>(
    KubernetesApi api, string? space, string? labelSelector, TimeProvider time, ILogger<Informer<T>> logger) : IInformer, ILister<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private const int PageSize = 500;

    private readonly ConcurrentDictionary<ResourceKey, T> _store = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastAnswer = time.GetTimestamp();

    /// <summary>Takes out of an object what nobody here reads, before it is kept; of many large objects that is most of the memory.</summary>
    public Action<T>? Trim { get; init; }

    /// <summary>Raised for every object that appears, changes or goes; of a gone object its last known state is given.</summary>
    public event Action<T, bool>? Changed;

    public string Kind => ResourcePath.NameOf<T>();

    public Task Synced => _synced.Task;

    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _lastAnswer));

    public IEnumerable<T> All => _store.Values;

    public T? Get(ResourceKey key) => _store.GetValueOrDefault(key);

    public IEnumerable<T> List(string space) => _store.Where(o => o.Key.Namespace == space).Select(o => o.Value);

    public async Task RunAsync(CancellationToken cancel)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));
        string? resourceVersion = null;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                resourceVersion ??= await ListAsync(cancel);
                resourceVersion = await WatchAsync(resourceVersion, backoff, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (KubernetesException e) when (e.Status?.Code == (int)HttpStatusCode.Gone)
            {
                // The server has forgotten that version; a new list says what happened since.
                Log.Expired(logger, Kind);
                resourceVersion = null;
            }
            catch (Exception e) when (e is KubernetesException or HttpRequestException or IOException or TimeoutException or JsonException)
            {
                TimeSpan delay = backoff.Next();
                Log.Interrupted(logger, Kind, delay, e.Message);
                resourceVersion = null;
                await DelayAsync(delay, cancel);
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken cancel)
    {
        var seen = new HashSet<ResourceKey>();
        string? continueToken = null;
        string resourceVersion;
        do
        {
            ResourcePage<T> page = await api.ListAsync<T>(space, labelSelector, PageSize, continueToken, cancel);
            foreach (T resource in page.Items)
            {
                seen.Add(ResourceKey.Of(resource));
                Put(resource);
            }

            (continueToken, resourceVersion) = (page.Continue, page.ResourceVersion);
        }
        while (continueToken is not null);

        foreach (ResourceKey key in _store.Keys.Where(k => !seen.Contains(k)))
        {
            Remove(key);
        }

        Answered();
        if (_synced.TrySetResult())
        {
            Log.Synced(logger, Kind, seen.Count);
        }

        return resourceVersion;
    }

    private async Task<string> WatchAsync(string resourceVersion, Backoff backoff, CancellationToken cancel)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(Random.Shared.Next(300, 540));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using ITimer timer = time.CreateTimer(static c => ((CancellationTokenSource)c!).Cancel(), deadline, timeout + TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);
        try
        {
            await foreach (ResourceEvent<T> change in api.WatchAsync<T>(space, labelSelector, resourceVersion, timeout, deadline.Token))
            {
                Answered();
                backoff.Reset();
                resourceVersion = change.Resource.ResourceVersion();
                switch (change.Type)
                {
                    case WatchEventType.Added or WatchEventType.Modified:
                        Put(change.Resource);
                        break;
                    case WatchEventType.Deleted:
                        Remove(ResourceKey.Of(change.Resource));
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException("the watch did not end when it should have: the connection is dead");
        }

        Answered();
        return resourceVersion;
    }

    private void Put(T resource)
    {
        // Nothing reads them, and on many pods they are most of the memory.
        resource.Metadata.ManagedFields = null;
        Trim?.Invoke(resource);
        ResourceKey key = ResourceKey.Of(resource);
        T? before = _store.GetValueOrDefault(key);
        _store[key] = resource;
        if (before?.ResourceVersion() != resource.ResourceVersion())
        {
            Changed?.Invoke(resource, false);
        }
    }

    private void Remove(ResourceKey key)
    {
        if (_store.TryRemove(key, out T? last))
        {
            Changed?.Invoke(last, true);
        }
    }

    private void Answered() => Volatile.Write(ref _lastAnswer, time.GetTimestamp());

    private async Task DelayAsync(TimeSpan delay, CancellationToken cancel) =>
        await Task.Delay(delay, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
