using System.Net.Sockets;
using LocalRegistry.Benchmarks.Clients;

namespace LocalRegistry.Benchmarks.Store;

/// <summary>Passes HTTP/1.1 messages from one socket to another, head by head.</summary>
/// <param name="from">Where they come from.</param>
/// <param name="to">Where they go.</param>
internal sealed class HttpMessages(Socket from, Socket to) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly SocketPipe _pipe = new();
    private int _filled;
    private int _headLength;

    /// <summary>The head read last.</summary>
    public HttpHead Head => new(_buffer.AsSpan(0, _headLength));

    /// <summary>Reads the next message's head, and gives its length; 0 if no message comes any more.</summary>
    public int ReadHead()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int read = from.Receive(_buffer.AsSpan(_filled));
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
    public void SendHead(HttpContentEnd content, Action<int> count)
    {
        int length = content.Take(_buffer.AsSpan(_headLength, _filled - _headLength));
        count(length);
        Pass(_headLength + length);
        while (!content.HasEnded)
        {
            int passed = content.Length is > 0 and var left ? _pipe.Pass(from, to, left) : 0;
            if (passed > 0)
            {
                content.Skip(passed);
                count(passed);
                continue;
            }

            _filled = from.Receive(_buffer);
            if (_filled == 0)
            {
                throw new IOException("closed in the midst of a message");
            }

            length = content.Take(_buffer.AsSpan(0, _filled));
            count(length);
            Pass(length);
        }
    }

    public void Dispose() => _pipe.Dispose();

    // Passes the first bytes of the buffer, and moves what is behind them to the front.
    private void Pass(int length)
    {
        for (int sent = 0; sent < length;)
        {
            sent += to.Send(_buffer.AsSpan(sent, length - sent));
        }

        _buffer.AsSpan(length, _filled - length).CopyTo(_buffer);
        _filled -= length;
    }
}
