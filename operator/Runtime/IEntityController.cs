using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>Brings the cluster to what an entity asks for. The shape is KubeOps', so that its runtime could take this one's place.</summary>
internal interface IEntityController<T>
    where T : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Called after every change of the entity or of what it owns, and whenever a requeue is due. Never twice at once for one entity.</summary>
    Task<ReconciliationResult<T>> ReconcileAsync(T entity, CancellationToken cancellationToken);

    /// <summary>Called when the entity is gone.</summary>
    Task<ReconciliationResult<T>> DeletedAsync(T entity, CancellationToken cancellationToken);
}
