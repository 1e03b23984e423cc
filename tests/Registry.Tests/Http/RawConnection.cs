using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>A connection on which the test says every byte itself.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private Stream? _stream;

    /// <summary>How many bytes have come that nobody has read.</summary>
    public int Available => _client.Available;

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        connection._stream = new BufferedStream(connection._client.GetStream());
        return connection;
    }

    /// <summary>Sends a request's head, with a Host header.</summary>
    public Task SendHeadAsync(string requestLine, params IEnumerable<string> headers) =>
        SendAsync(Encoding.Latin1.GetBytes($"{requestLine} HTTP/1.1\r\nHost: registry\r\n{string.Concat(headers.Select(h => $"{h}\r\n"))}\r\n"));

    public async Task SendAsync(ReadOnlyMemory<byte> content)
    {
        await _stream!.WriteAsync(content, TestContext.Current.CancellationToken);
        await _stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Reads a response and as much of a body as its Content-Length says, unless it answers a request that gets none.</summary>
    public async Task<(int Status, Dictionary<string, string> Headers, byte[] Body)> ReceiveAsync(bool hasBody = true)
    {
        string[] status = (await ReadLineAsync()).Split(' ');
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        }

        byte[] body = new byte[!hasBody ? 0 : int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await _stream!.ReadExactlyAsync(body, TestContext.Current.CancellationToken);
        return (int.Parse(status[1], CultureInfo.InvariantCulture), headers, body);
    }

    /// <summary>Resets the connection, as a client does whose host has gone.</summary>
    public void Dispose()
    {
        _client.LingerState = new LingerOption(enable: true, seconds: 0);
        _client.Dispose();
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (true)
        {
            await _stream!.ReadExactlyAsync(one, TestContext.Current.CancellationToken);
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }
    }
}
