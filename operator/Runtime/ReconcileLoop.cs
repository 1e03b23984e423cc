using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Telemetry;

namespace LocalRegistry.Operator.Runtime;

/// <summary>Takes keys from the queue and has their entities reconciled.</summary>
internal sealed partial class ReconcileLoop<T> : IDisposable
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Informer<T> _informer;
    private readonly IEntityController<T> _controller;
    private readonly OperatorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<ReconcileLoop<T>> _logger;
    private readonly WorkQueue<ResourceKey> _queue;
    private readonly ConcurrentDictionary<ResourceKey, T> _deleted = new();

    public ReconcileLoop(Informer<T> informer, IEntityController<T> controller, OperatorMetrics metrics, TimeProvider time, ILogger<ReconcileLoop<T>> logger)
    {
        _informer = informer;
        _controller = controller;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _queue = new WorkQueue<ResourceKey>(time);
        metrics.ObserveWorkQueue(() => _queue.Count);
        informer.Changed += OnEntityChanged;
    }

    /// <summary>Has an entity reconciled whenever an object changes that belongs to it.</summary>
    /// <param name="owned">The objects.</param>
    /// <param name="ownerOf">The entity that an object belongs to; null for none.</param>
    public void Follow<TOwned>(Informer<TOwned> owned, Func<TOwned, ResourceKey?> ownerOf)
        where TOwned : class, IKubernetesObject<V1ObjectMeta> =>
        owned.Changed += (resource, _) =>
        {
            if (ownerOf(resource) is { } key)
            {
                _queue.Add(key);
            }
        };

    public async Task RunAsync(int workers, CancellationToken cancel) =>
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(cancel)));

    public void Dispose() => _queue.Dispose();

    private void OnEntityChanged(T entity, bool deleted)
    {
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
            _metrics.Reconciled(ReconciliationOutcome.Exception, _time.GetElapsedTime(start));
            _queue.AddAfterFailure(key);
            return;
        }

        if (result is not null)
        {
            _metrics.Reconciled(result.IsSuccess ? ReconciliationOutcome.Success : ReconciliationOutcome.Failure, _time.GetElapsedTime(start));
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
        if (_informer.Get(key) is { } entity)
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
