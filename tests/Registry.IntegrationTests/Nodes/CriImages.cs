using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using LocalRegistry.Registry.IntegrationTests.Nodes.Cri;

namespace LocalRegistry.Registry.IntegrationTests.Nodes;

/// <summary>A container runtime's images as a kubelet has them pulled: Kubernetes' Container Runtime Interface over the runtime's socket.</summary>
internal sealed class CriImages : IDisposable
{
    private readonly SocketsHttpHandler _handler;
    private readonly GrpcChannel _channel;
    private readonly ImageService.ImageServiceClient _client;

    /// <param name="socket">The path of the runtime's socket.</param>
    public CriImages(string socket)
    {
        _handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), ct);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = _handler });
        _client = new ImageService.ImageServiceClient(_channel);
    }

    /// <summary>Pulls an image; null, or why that failed.</summary>
    public async Task<string?> PullAsync(string image, CancellationToken ct)
    {
        try
        {
            await _client.PullImageAsync(new PullImageRequest { Image = new ImageSpec { Image = image } }, cancellationToken: ct);
            return null;
        }
        catch (RpcException e)
        {
            return e.Status.Detail;
        }
    }

    /// <summary>Removes an image, so that its next pull is a pull.</summary>
    public async Task RemoveAsync(string image, CancellationToken ct) =>
        await _client.RemoveImageAsync(new RemoveImageRequest { Image = new ImageSpec { Image = image } }, cancellationToken: ct);

    public void Dispose()
    {
        _channel.Dispose();
        _handler.Dispose();
    }
}
