using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LocalRegistry.Registry.Hosting;

/// <summary>What the server takes of a client before any of it means something. Each listener counts its own connections.</summary>
internal static class ServerLimits
{
    /// <summary>Bytes of a request line; a longer one is answered with 414.</summary>
    public const int RequestLine = 8 * 1024;

    /// <summary>Bytes of all headers of a request; more are answered with 431. A token of a proxy's may be long.</summary>
    public const int Headers = 32 * 1024;

    /// <summary>Headers of a request; more are answered with 431.</summary>
    public const int HeaderCount = 100;

    /// <summary>Connections at once; a further one is closed. As many as two thousand nodes have, with two connections each.</summary>
    public const int Connections = 4096;

    /// <summary>Bytes of a body that are read ahead of whoever takes it: enough to keep a connection moving, little enough that many which wait hold little.</summary>
    public const int ReadAhead = 256 * 1024;

    /// <summary>How long the headers of a request may take; then it is answered with 408.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may lie idle between requests; longer than the 90 s for which Go's clients keep one.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(130);

    /// <summary>How long a client may take nothing of what is sent: as long as a node's disk may keep it from writing.</summary>
    private static readonly TimeSpan SendGrace = TimeSpan.FromMinutes(1);

    /// <summary>Bytes a second that a client has to send or take, beyond what its grace allows.</summary>
    private const double LeastRate = 240;

    /// <summary>Sets them. A body may have any length, and must keep moving.</summary>
    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null;
        limits.MinResponseDataRate = new MinDataRate(LeastRate, SendGrace);
        limits.MaxRequestBufferSize = ReadAhead;
        limits.MaxRequestLineSize = RequestLine;
        limits.MaxRequestHeadersTotalSize = Headers;
        limits.MaxRequestHeaderCount = HeaderCount;
        limits.MaxConcurrentConnections = Connections;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.KeepAliveTimeout = KeepAlive;
    }
}
