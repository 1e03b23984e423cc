namespace LocalRegistry.Operator.Runtime;

/// <summary>Runs the operator: every replica keeps its copies of the cluster, the leader reconciles.</summary>
internal sealed partial class OperatorService(
    IEnumerable<IInformer> informers,
    LeaderElection election,
    IEnumerable<IReconcileLoop> loops,
    IHostApplicationLifetime lifetime,
    ILogger<OperatorService> logger) : BackgroundService
{
    // Of each loop. Reconciliations wait for answers more than they compute.
    private const int Workers = 4;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        // The copies are kept until the last reconciliation has ended.
        using var watching = new CancellationTokenSource();
        Task[] watches = [.. informers.Select(i => i.RunAsync(watching.Token))];
        Task<bool> leading = LeadAsync(stopping);
        Task first = await Task.WhenAny([.. watches, leading]);
        if (first == leading && stopping.IsCancellationRequested)
        {
            await leading;
        }
        else
        {
            // Leadership lost or a copy broken: the process ends, and Kubernetes starts it afresh.
            Environment.ExitCode = 1;
            Log.Ending(logger, first.Exception);
            lifetime.StopApplication();
        }

        await watching.CancelAsync();
        await Task.WhenAll(watches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)leading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> LeadAsync(CancellationToken stopping)
    {
        try
        {
            await Task.WhenAll(informers.Select(i => i.Synced)).WaitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return true;
        }

        return await election.RunAsync(cancel => Task.WhenAll(loops.Select(l => l.RunAsync(Workers, cancel))), stopping);
    }
}
