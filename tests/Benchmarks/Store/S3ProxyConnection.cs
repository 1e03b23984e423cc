using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LocalRegistry.Benchmarks.Clients;

namespace LocalRegistry.Benchmarks.Store;

/// <summary>One connection through <see cref="S3Proxy"/>: requests go one way, answers the other, each as soon as it may.</summary>
internal sealed class S3ProxyConnection
{
    /// <summary>In bytes, of each of the two threads.</summary>
    public const int StackSize = 256 * 1024;

    private readonly ConcurrentQueue<Exchange> _open = new();
    private readonly Socket _client;
    private readonly Socket _s3;
    private readonly S3Shape? _shape;
    private readonly S3Traffic _traffic;

    private S3ProxyConnection(Socket client, Socket s3, S3Shape? shape, S3Traffic traffic)
    {
        _client = client;
        _s3 = s3;
        _shape = shape;
        _traffic = traffic;
    }

    /// <summary>Connects a client with S3 until either closes.</summary>
    public static void Run(Socket client, IPEndPoint server, S3Shape? shape, S3Traffic traffic)
    {
        using (client)
        {
            using var s3 = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            client.NoDelay = true;
            if (shape is not null)
            {
                SocketPipe.Pace(client, shape.BytesPerSecond);
                SocketPipe.Pace(s3, shape.BytesPerSecond);
            }

            if (!Try(() => s3.Connect(server)))
            {
                return;
            }

            var connection = new S3ProxyConnection(client, s3, shape, traffic);
            var answers = new Thread(() => connection.Follow(connection.SendAnswers), StackSize) { IsBackground = true };
            answers.Start();
            connection.Follow(connection.SendRequests);
            answers.Join();
        }
    }

    // Either side closed: the other is closed too.
    private void Follow(Action pass)
    {
        Try(pass);
        Try(() => _client.Shutdown(SocketShutdown.Both));
        Try(() => _s3.Shutdown(SocketShutdown.Both));
    }

    private static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private void SendRequests()
    {
        using var messages = new HttpMessages(_client, _s3);
        while (messages.ReadHead() is var length && length > 0)
        {
            Exchange exchange = Open(messages.Head);
            _traffic.Sent(length);
            messages.SendHead(exchange.Content, _traffic.Sent);
            exchange.SentAt = Stopwatch.GetTimestamp();
        }
    }

    private void SendAnswers()
    {
        using var messages = new HttpMessages(_s3, _client);
        using var never = new ManualResetEventSlim(initialState: false, spinCount: 0);
        while (messages.ReadHead() is var length && length > 0)
        {
            _traffic.Received(length);
            int status = messages.Head.Status;

            // "100 Continue" is no answer yet.
            Exchange? exchange = null;
            if (status >= 200 && _open.TryDequeue(out exchange) && _shape is not null)
            {
                TimeSpan wait = _shape.FirstByte - (exchange.SentAt is > 0 and var sent ? Stopwatch.GetElapsedTime(sent) : TimeSpan.Zero);
                never.Wait(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            }

            bool hasContent = exchange is { IsHead: false } && status is not (204 or 304);
            messages.SendHead(HttpContentEnd.After(messages.Head, hasContent), _traffic.Received);
        }
    }

    private Exchange Open(HttpHead head)
    {
        _traffic.Request(S3RequestKind.Of(head));
        var exchange = new Exchange { IsHead = head.StartLine.StartsWith("HEAD "u8), Content = HttpContentEnd.After(head, hasContent: true) };
        _open.Enqueue(exchange);
        return exchange;
    }

    private sealed class Exchange
    {
        private long _sentAt;

        public required bool IsHead { get; init; }

        public required HttpContentEnd Content { get; init; }

        /// <summary>The timestamp of the end of the request; 0 as long as it is under way.</summary>
        public long SentAt
        {
            get => Volatile.Read(ref _sentAt);
            set => Volatile.Write(ref _sentAt, value);
        }
    }
}
