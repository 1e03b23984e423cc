using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace LocalRegistry.Testbed;

/// <summary>
/// Takes pods away whose containers have all ended and that only their kubelet still holds. Kubelets before Kubernetes 1.22 look at such pods
/// every ten seconds and at dead containers once a minute, so that replacing a pod takes up to a minute for nothing.
/// </summary>
internal sealed class PodSweeper : IAsyncDisposable
{
    private static readonly Version FirstPrompt = new(1, 22);
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    private PodSweeper(IKubernetes client) => _work = RunAsync(client, _stop.Token);

    /// <summary>Starts to sweep, if the cluster's version needs it.</summary>
    public static PodSweeper? For(Cluster cluster) => cluster.Version < FirstPrompt ? new PodSweeper(cluster.Client) : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private static async Task RunAsync(IKubernetes client, CancellationToken ct)
    {
        using var pace = new PeriodicTimer(Pace);
        try
        {
            while (await pace.WaitForNextTickAsync(ct))
            {
                try
                {
                    await SweepAsync(client, ct);
                }
                catch (Exception e) when (e is HttpOperationException or HttpRequestException or TimeoutException || (e is OperationCanceledException && !ct.IsCancellationRequested))
                {
                    // A test may have stopped the API server: there is always a next time.
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // It is over.
        }
    }

    private static async Task SweepAsync(IKubernetes client, CancellationToken ct)
    {
        var pods = await client.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: ct);
        foreach (var pod in pods.Items.Where(HasEnded))
        {
            try
            {
                // With a body the API server reads no options from the query.
                var options = new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = pod.Uid() } };
                await client.CoreV1.DeleteNamespacedPodAsync(pod.Name(), pod.Namespace(), options, cancellationToken: ct);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                // The kubelet was faster.
            }
        }
    }

    private static bool HasEnded(V1Pod pod) =>
        pod.DeletionTimestamp() is not null && pod.Status?.ContainerStatuses is { Count: > 0 } containers && containers.All(HasEnded);

    // One that the kubelet has removed already, before it told that it ended, is told as if it were to be created.
    private static bool HasEnded(V1ContainerStatus container) =>
        container.State?.Terminated is not null || container is { State.Waiting: not null, LastState.Terminated.Reason: "ContainerStatusUnknown" };
}
