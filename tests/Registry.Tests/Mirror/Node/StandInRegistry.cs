using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>What a node's registry is to node-config: something that answers on a port, and can say when it was asked.</summary>
internal sealed class StandInRegistry : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly SemaphoreSlim _asked = new(0);

    private StandInRegistry(int port) => _listener.Prefixes.Add($"http://127.0.0.1:{port}/");

    /// <summary>A port that nothing answers on.</summary>
    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>Answers on a port, to every path with the same text.</summary>
    /// <param name="port">The port.</param>
    /// <param name="answer">The text.</param>
    /// <param name="hosts">How it answers below /v2/: <see cref="HttpStatusCode.OK"/> if it stands in for hosts.</param>
    /// <param name="known">A host that it stands in for however it answers for others.</param>
    public static StandInRegistry Start(int port, string answer = "", HttpStatusCode hosts = HttpStatusCode.OK, string? known = null)
    {
        var registry = new StandInRegistry(port);
        registry._listener.Start();
        _ = registry.AnswerAsync(Encoding.UTF8.GetBytes(answer), hosts, known);
        return registry;
    }

    /// <summary>How often it was asked, as far as nobody waited for that.</summary>
    public int Asked => _asked.CurrentCount;

    /// <summary>Waits until it is asked again.</summary>
    public Task AskedAsync(CancellationToken cancellation) => _asked.WaitAsync(cancellation);

    public void Dispose()
    {
        _listener.Close();
        _asked.Dispose();
    }

    private async Task AnswerAsync(byte[] answer, HttpStatusCode hosts, string? known)
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                _asked.Release();
                if (context.Request.Url!.AbsolutePath.StartsWith("/v2/", StringComparison.Ordinal)
                    && (known is null || context.Request.QueryString["ns"] != known))
                {
                    context.Response.StatusCode = (int)hosts;
                }

                await context.Response.OutputStream.WriteAsync(answer);
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Whoever asked is gone, or the test is over.
            }
        }
    }
}
