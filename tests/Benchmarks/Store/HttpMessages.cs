using System.Net.Sockets;
using LocalRegistry.Benchmarks.Clients;

namespace LocalRegistry.Benchmarks.Store;

/// <summary>Passes HTTP/1.1 messages from one socket to another, head by head.</summary>
/// <param name="from">Where they come from.</param>
/// <param name="to">Where they go.</param>
/// <param name="pace">How fast they may go; null for as fast as they can.</param>
internal sealed class HttpMessages(Socket from, Socket to, Pace? pace)
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _filled;
    private int _headLength;

    /// <summary>The head read last.</summary>
    public HttpHead Head => new(_buffer.AsSpan(0, _headLength));

    /// <summary>Reads the next message's head, and gives its length; 0 if no message comes any more.</summary>
    public async ValueTask<int> ReadHeadAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int read = await from.ReceiveAsync(_buffer.AsMemory(_filled), SocketFlags.None);
            if (read == 0)
            {
                return 0;
            }

            _filled += read;
        }

        return _headLength = end + 4;
    }

    /// <summary>Passes the message on whose head was read.</summary>
    /// <param name="content">Where its content ends.</param>
    /// <param name="count">Receives the lengths of what passes of its content.</param>
    /// <exception cref="IOException">The connection was closed before the message's end.</exception>
    public async ValueTask SendHeadAsync(HttpContentEnd content, Action<int> count)
    {
        int length = content.Take(_buffer.AsSpan(_headLength, _filled - _headLength));
        count(length);
        await PassAsync(_headLength + length);
        while (!content.HasEnded)
        {
            _filled = await from.ReceiveAsync(_buffer, SocketFlags.None);
            if (_filled == 0)
            {
                throw new IOException("closed in the midst of a message");
            }

            length = content.Take(_buffer.AsSpan(0, _filled));
            count(length);
            await PassAsync(length);
        }
    }

    // Passes the first bytes of the buffer, and moves what is behind them to the front.
    private async ValueTask PassAsync(int length)
    {
        if (pace is not null)
        {
            await pace.PassAsync(length);
        }

        for (int sent = 0; sent < length;)
        {
            sent += await to.SendAsync(_buffer.AsMemory(sent, length - sent), SocketFlags.None);
        }

        _buffer.AsSpan(length, _filled - length).CopyTo(_buffer);
        _filled -= length;
    }
}
