using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Telemetry;

namespace LocalRegistry.Operator.Runtime;

/// <summary>Takes keys from the queue and has their entities reconciled.</summary>
internal sealed partial class ReconcileLoop<T> : IReconcileLoop, IDisposable
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly string _name;
    private readonly Informer<T> _informer;
    private readonly IEntityController<T> _controller;
    private readonly OperatorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<ReconcileLoop<T>> _logger;
    private readonly WorkQueue<ResourceKey> _queue;
    private readonly ConcurrentDictionary<ResourceKey, T> _deleted = new();

    /// <param name="name">The controller's name, in metrics.</param>
    /// <param name="informer">The entities.</param>
    /// <param name="controller">Who reconciles them.</param>
    /// <param name="metrics">Where it is counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are told.</param>
    public ReconcileLoop(
        string name, Informer<T> informer, IEntityController<T> controller, OperatorMetrics metrics, TimeProvider time, ILogger<ReconcileLoop<T>> logger)
    {
        _name = name;
        _informer = informer;
        _controller = controller;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _queue = new WorkQueue<ResourceKey>(time);
        metrics.ObserveWorkQueue(name, () => _queue.Count);
        informer.Changed += OnEntityChanged;
    }

    /// <summary>Whether an object of the kind is an entity of this loop; all are if it is left out.</summary>
    public Func<T, bool> IsEntity { get; init; } = _ => true;

    /// <summary>Has an entity reconciled whenever an object changes that belongs to it.</summary>
    /// <param name="owned">The objects.</param>
    /// <param name="ownerOf">The entity that an object belongs to; null for none.</param>
    /// <param name="wakeAfter">How long further changes are waited for, which are then looked at together; null for not at all.</param>
    public void Follow<TOwned>(Informer<TOwned> owned, Func<TOwned, ResourceKey?> ownerOf, Func<TOwned, TimeSpan>? wakeAfter = null)
        where TOwned : class, IKubernetesObject<V1ObjectMeta> =>
        owned.Changed += (resource, _) =>
        {
            if (ownerOf(resource) is { } key)
            {
                _queue.AddAfter(key, wakeAfter?.Invoke(resource) ?? TimeSpan.Zero);
            }
        };

    /// <summary>Has entities reconciled whenever an object changes that concerns them.</summary>
    /// <param name="followed">The objects.</param>
    /// <param name="entitiesOf">The entities that an object concerns.</param>
    public void FollowAll<TFollowed>(Informer<TFollowed> followed, Func<TFollowed, IEnumerable<ResourceKey>> entitiesOf)
        where TFollowed : class, IKubernetesObject<V1ObjectMeta> =>
        followed.Changed += (resource, _) =>
        {
            foreach (ResourceKey key in entitiesOf(resource))
            {
                _queue.Add(key);
            }
        };

    public async Task RunAsync(int workers, CancellationToken cancel) =>
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(cancel)));

    public void Dispose() => _queue.Dispose();

    private void OnEntityChanged(T entity, bool deleted)
    {
        if (!IsEntity(entity))
        {
            return;
        }

        var key = ResourceKey.Of(entity);
        if (deleted)
        {
            _deleted[key] = entity;
        }

        _queue.Add(key);
    }

    private async Task WorkAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            ResourceKey key;
            try
            {
                key = await _queue.TakeAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await ReconcileAsync(key, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            finally
            {
                _queue.Done(key);
            }
        }
    }

    private async Task ReconcileAsync(ResourceKey key, CancellationToken cancel)
    {
        ReconciliationResult<T>? result;
        long start = _time.GetTimestamp();
        try
        {
            result = await RunControllerAsync(key, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // The boundary: whatever went wrong with one entity is logged and tried again, and the others go on.
            Log.Threw(_logger, key, e);
            _metrics.Reconciled(_name, ReconciliationOutcome.Exception, _time.GetElapsedTime(start));
            _queue.AddAfterFailure(key);
            return;
        }

        if (result is not null)
        {
            _metrics.Reconciled(_name, result.IsSuccess ? ReconciliationOutcome.Success : ReconciliationOutcome.Failure, _time.GetElapsedTime(start));
        }

        if (result is { IsSuccess: false })
        {
            Log.Failed(_logger, key, result.Message, result.Exception);
            if (result.RequeueAfter is null)
            {
                _queue.AddAfterFailure(key);
                return;
            }
        }

        _queue.Forget(key);
        if (result?.RequeueAfter is { } delay)
        {
            _queue.AddAfter(key, delay);
        }
    }

    private async Task<ReconciliationResult<T>?> RunControllerAsync(ResourceKey key, CancellationToken cancel)
    {
        if (_informer.Get(key) is { } entity && IsEntity(entity))
        {
            Log.Reconciling(_logger, key);
            ReconciliationResult<T> result = await _controller.ReconcileAsync(entity, cancel);
            _deleted.TryRemove(key, out _);
            return result;
        }

        if (!_deleted.TryGetValue(key, out T? last))
        {
            return null;
        }

        ReconciliationResult<T> deletion = await _controller.DeletedAsync(last, cancel);
        if (deletion.IsSuccess)
        {
            _deleted.TryRemove(key, out _);
        }

        return deletion;
    }
}
