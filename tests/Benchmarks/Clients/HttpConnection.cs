using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LocalRegistry.Benchmarks.Clients;

/// <summary>
/// A client's connection: one blocking socket and one buffer, so that the client takes as little of the machine as it can from whom it measures.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private const int BufferSize = 256 * 1024;
    private const int PatienceMilliseconds = 60_000;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = PatienceMilliseconds,
        SendTimeout = PatienceMilliseconds,
    };

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _headLength;

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public HttpConnection(IPEndPoint server)
    {
        Server = server;
        try
        {
            _socket.Connect(server);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IPEndPoint Server { get; }

    /// <summary>Whether a server answers at all.</summary>
    public static bool TryAsk(IPEndPoint server, byte[] request)
    {
        try
        {
            using var connection = new HttpConnection(server);
            return connection.Ask(request).Status > 0;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>Sends a request and reads the answer.</summary>
    /// <param name="request">The whole of it; its content, if it has any, was sent with <see cref="Send"/>.</param>
    /// <param name="until">The timestamp of <see cref="Stopwatch"/> after which no more is read.</param>
    /// <exception cref="IOException">The server closed the connection before its answer was whole.</exception>
    public HttpAnswer Ask(byte[] request, long until = long.MaxValue)
    {
        Send(request);
        return Read(isHead: request[0] == (byte)'H', until);
    }

    /// <summary>Sends a part of a request.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Reads an answer, and forgets its content.</summary>
    /// <inheritdoc cref="Ask"/>
    public HttpAnswer Read(bool isHead = false, long until = long.MaxValue)
    {
        int filled = 0;
        while (true)
        {
            filled += ReadHead(filled);
            var head = new HttpHead(_buffer.AsSpan(0, _headLength));
            int status = head.Status;
            if (status is >= 200 or 0)
            {
                return ReadContent(status, HttpContentEnd.After(head, !isHead && status is not (204 or 304)), filled, until);
            }

            // "100 Continue" has nothing behind it but the answer.
            _buffer.AsSpan(_headLength, filled - _headLength).CopyTo(_buffer);
            filled -= _headLength;
        }
    }

    /// <summary>A header of the answer read last; empty if it had none.</summary>
    /// <param name="name">Its name in lower case.</param>
    public string Header(string name) => Encoding.ASCII.GetString(new HttpHead(_buffer.AsSpan(0, _headLength)).Header(Encoding.ASCII.GetBytes(name)));

    public void Dispose()
    {
        _socket.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private int ReadHead(int filled)
    {
        int read = 0;
        int end;
        while ((end = _buffer.AsSpan(0, filled + read).IndexOf("\r\n\r\n"u8)) < 0)
        {
            read += Receive(filled + read);
        }

        _headLength = end + 4;
        return read;
    }

    private HttpAnswer ReadContent(int status, HttpContentEnd content, int filled, long until)
    {
        long length = content.Take(_buffer.AsSpan(_headLength, filled - _headLength));
        while (!content.HasEnded)
        {
            if (Stopwatch.GetTimestamp() > until)
            {
                return new HttpAnswer(status, length, IsWhole: false);
            }

            int read = Receive(_headLength);
            content.Take(_buffer.AsSpan(_headLength, read));
            length += read;
        }

        return new HttpAnswer(status, length, IsWhole: true);
    }

    private int Receive(int offset) => _socket.Receive(_buffer.AsSpan(offset)) is > 0 and var read
        ? read
        : throw new IOException("the server closed the connection in the midst of an answer");
}
