using System.Collections.Concurrent;

namespace LocalRegistry.Benchmarks.Store;

/// <summary>Counts what passes; safe from many connections at once.</summary>
internal sealed class S3Traffic
{
    private readonly ConcurrentDictionary<string, long> _requests = new();
    private long _received;
    private long _sent;

    /// <summary>What passed so far.</summary>
    public S3Counts Counts => new(_requests.ToDictionary(), Interlocked.Read(ref _received), Interlocked.Read(ref _sent));

    public void Request(string kind) => _requests.AddOrUpdate(kind, 1, (_, n) => n + 1);

    public void Received(int bytes) => Interlocked.Add(ref _received, bytes);

    public void Sent(int bytes) => Interlocked.Add(ref _sent, bytes);
}
