using System.Net;
using System.Net.Sockets;

namespace LocalRegistry.Benchmarks.Store;

/// <summary>
/// Lies between candidates and S3, counts what passes and may make S3 seem further away. It changes nothing, so that signatures, which cover
/// the name of the host asked, still fit.
/// </summary>
internal sealed class S3Proxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _s3;
    private readonly S3Shape? _shape;
    private readonly S3Traffic _traffic = new();

    /// <param name="s3">Where S3 listens.</param>
    /// <param name="shape">How far away it is to seem; null for as it is.</param>
    public S3Proxy(IPEndPoint s3, S3Shape? shape)
    {
        _s3 = s3;
        _shape = shape;
        _listener.Start(512);
        Target = (IPEndPoint)_listener.LocalEndpoint;
        new Thread(Accept) { IsBackground = true }.Start();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Target { get; }

    /// <summary>What passed so far.</summary>
    public S3Counts Counts => _traffic.Counts;

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket client = _listener.AcceptSocket();
                new Thread(() => S3ProxyConnection.Run(client, _s3, _shape, _traffic), S3ProxyConnection.StackSize) { IsBackground = true }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was told to end.
        }
    }
}
