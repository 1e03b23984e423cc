namespace LocalRegistry.Operator.Runtime;

/// <summary>A loop that reconciles entities, whatever their kind.</summary>
internal interface IReconcileLoop
{
    /// <summary>Reconciles until cancelled.</summary>
    /// <param name="workers">How many entities at once at most.</param>
    /// <param name="cancel">Ends the loop.</param>
    Task RunAsync(int workers, CancellationToken cancel);
}
