using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>How a reconciliation ended.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="IsSuccess">Whether it went through.</param>
/// <param name="Message">Why it did not.</param>
/// <param name="Exception">What stopped it, if an exception did.</param>
/// <param name="RequeueAfter">When to come back; null after a success means at the next change, after a failure with back-off.</param>
internal sealed record ReconciliationResult<T>(T Entity, bool IsSuccess, string? Message, Exception? Exception, TimeSpan? RequeueAfter)
    where T : IKubernetesObject<V1ObjectMeta>
{
    public static ReconciliationResult<T> Success(T entity, TimeSpan? requeueAfter = null) => new(entity, true, null, null, requeueAfter);

    public static ReconciliationResult<T> Failure(T entity, string message, Exception? exception = null, TimeSpan? requeueAfter = null) =>
        new(entity, false, message, exception, requeueAfter);
}
