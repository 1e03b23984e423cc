using System.Net.Sockets;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Hosting.Health;

/// <summary>Connects to an address, and sends nothing (<c>health.tcp</c>).</summary>
internal sealed class TcpProbe(TcpHealthCheck check, TimeProvider time) : HealthProbe(check.Address, check.Interval, check.Threshold)
{
    public override async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        using var connection = new TcpClient();
        using var timeout = new CancellationTokenSource(check.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await connection.ConnectAsync(check.Host, check.Port, either.Token);
            return null;
        }
        catch (SocketException e)
        {
            return $"the connection failed: {e.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"there is no connection within {check.Timeout.TotalSeconds:0.###} s";
        }
    }
}
