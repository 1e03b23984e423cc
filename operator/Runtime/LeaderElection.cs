using k8s;
using k8s.Autorest;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;

namespace LocalRegistry.Operator.Runtime;

/// <summary>
/// Lets one replica at a time act, by a Lease. The client's elector keeps the lease until it expires; here it is given up when the work ends,
/// so that a successor starts at once.
/// </summary>
internal sealed partial class LeaderElection(
    IKubernetes client, string space, string identity, TimeProvider time, ILogger<LeaderElection> logger)
{
    public const string LeaseName = "localregistry-operator";

    // Nobody else writes a lease that is held; what comes between is a renewal of our own, and only one.
    private const int ReleaseAttempts = 3;

    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(2);

    private volatile bool _isLeader;

    /// <summary>Whether this replica is the one that acts.</summary>
    public bool IsLeader => _isLeader;

    /// <summary>Waits for the lease, works under it, and gives it up when the work has ended.</summary>
    /// <param name="work">What only the leader does. Its token is cancelled when the lease is lost or the caller cancels.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <returns>False if the lease was lost: another replica may be acting already, so this process should end.</returns>
    public async Task<bool> RunAsync(Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        var leaseLock = new LeaseLock(client, space, LeaseName, identity);
        using var elector = new LeaderElector(new LeaderElectionConfig(leaseLock)
        {
            LeaseDuration = TimeSpan.FromSeconds(15),
            RenewDeadline = TimeSpan.FromSeconds(10),
            RetryPeriod = RetryPeriod,
        });
        var elected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        elector.OnStartedLeading += () => elected.TrySetResult();
        elector.OnNewLeader += leader => Log.Leader(logger, leader, identity);
        elector.OnError += e => Log.NotRead(logger, e);

        // The lease is held until the work has really ended, so it does not end with the caller's token.
        using var holding = new CancellationTokenSource();
        Task hold = Task.CompletedTask;
        try
        {
            while (!elected.Task.IsCompleted)
            {
                hold = elector.RunUntilLeadershipLostAsync(holding.Token);
                if (await Task.WhenAny(elected.Task, hold).WaitAsync(cancel) == hold && !elected.Task.IsCompleted)
                {
                    // The elector gives up when the API server cannot be reached; who waits for the lease can go on waiting.
                    Log.NotRead(logger, hold.Exception);
                    await Task.Delay(RetryPeriod, time, cancel);
                }
            }
        }
        catch (OperationCanceledException)
        {
            await StopAsync(holding, hold);
            return true;
        }

        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task running = WorkAsync(work, working.Token);
        if (await Task.WhenAny(running, hold) == hold)
        {
            Log.Lost(logger);
            await working.CancelAsync();
            await running;
            return false;
        }

        await StopAsync(holding, hold);
        await ReleaseAsync(leaseLock);
        await running;
        return true;
    }

    private async Task WorkAsync(Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        _isLeader = true;
        try
        {
            await work(cancel);
        }
        finally
        {
            _isLeader = false;
        }
    }

    private static async Task StopAsync(CancellationTokenSource holding, Task hold)
    {
        await holding.CancelAsync();
        await hold.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReleaseAsync(LeaseLock leaseLock)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            for (int attempt = 0; attempt < ReleaseAttempts; attempt++)
            {
                LeaderElectionRecord record = await leaseLock.GetAsync(deadline.Token);
                if (record.HolderIdentity != identity)
                {
                    return;
                }

                // Empty and not null: the elector takes a lease without a holder for one that is not there yet, and fails to create it.
                record.HolderIdentity = "";
                record.LeaseDurationSeconds = 1;
                if (await leaseLock.UpdateAsync(record, deadline.Token))
                {
                    Log.Released(logger);
                    return;
                }

                // A renewal that was under way when the elector was stopped has come before this.
            }
        }
        catch (Exception e) when (e is HttpOperationException or HttpRequestException or OperationCanceledException)
        {
            // The lease then expires by itself; a stopping process can do no more.
            Log.NotRead(logger, e);
        }
    }
}
