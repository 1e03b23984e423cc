using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LocalRegistry.Benchmarks.Candidates;

namespace LocalRegistry.Benchmarks.Clients;

/// <summary>Clients that ask a server at the same time, each a thread with a connection of its own.</summary>
internal static class Load
{
    private const int StackSize = 256 * 1024;

    /// <summary>Has clients ask one after the other without a pause.</summary>
    /// <param name="server">Whom.</param>
    /// <param name="clients">How many.</param>
    /// <param name="request">The request of a client, by its number and the number of the request; null when it is done.</param>
    /// <param name="limit">After this nobody asks, and who reads goes.</param>
    /// <exception cref="CandidateException">A request failed.</exception>
    public static LoadResult Run(IPEndPoint server, int clients, Func<int, int, byte[]?> request, TimeSpan limit) =>
        Run(server, clients, (connection, client, times, until) =>
        {
            long bytes = 0;
            for (int n = 0; request(client, n) is { } next && Stopwatch.GetTimestamp() < until; n++)
            {
                long start = Stopwatch.GetTimestamp();
                HttpAnswer answer = connection.Ask(next, until);
                Check(answer, next);
                times.Add(Stopwatch.GetElapsedTime(start));
                bytes += answer.Length;
                if (!answer.IsWhole)
                {
                    break;
                }
            }

            return bytes;
        }, limit);

    /// <summary>Has clients ask at a rate, whether earlier answers are there or not: what had to wait for its turn counts from its turn.</summary>
    /// <param name="server">Whom.</param>
    /// <param name="clients">How many.</param>
    /// <param name="request">What each asks again and again.</param>
    /// <param name="rate">The requests a second of all together.</param>
    /// <param name="limit">For how long.</param>
    public static LoadResult RunPaced(IPEndPoint server, int clients, byte[] request, double rate, TimeSpan limit)
    {
        using var never = new ManualResetEventSlim(initialState: false, spinCount: 0);
        TimeSpan interval = TimeSpan.FromSeconds(clients / rate);
        return Run(server, clients, (connection, client, times, until) =>
        {
            long start = Stopwatch.GetTimestamp();
            TimeSpan turn = interval * client / clients;
            long bytes = 0;
            for (; Stopwatch.GetTimestamp() < until; turn += interval)
            {
                TimeSpan now = Stopwatch.GetElapsedTime(start);
                TimeSpan from = turn < now ? turn : now;
                if (turn - now >= TimeSpan.FromMilliseconds(1))
                {
                    // It may wake up late; that is not the server's doing, so the clock starts then.
                    never.Wait(turn - now);
                    from = Stopwatch.GetElapsedTime(start);
                }

                HttpAnswer answer = connection.Ask(request);
                Check(answer, request);
                times.Add(Stopwatch.GetElapsedTime(start) - from);
                bytes += answer.Length;
            }

            return bytes;
        }, limit);
    }

    /// <summary>Has clients do what they like, each with a connection of its own.</summary>
    /// <param name="server">Whom they are connected to.</param>
    /// <param name="clients">How many.</param>
    /// <param name="work">What a client does, with its connection, its number, its list for the times of its requests and its end; gives the bytes.</param>
    /// <param name="limit">When the time is up that they are told.</param>
    public static LoadResult Run(IPEndPoint server, int clients, Func<HttpConnection, int, List<TimeSpan>, long, long> work, TimeSpan limit)
    {
        var times = new List<TimeSpan>[clients];
        long[] bytes = new long[clients];
        Exception? failure = null;
        long start = 0;
        using var ready = new Barrier(clients, _ => start = Stopwatch.GetTimestamp());
        var connections = new HttpConnection[clients];
        try
        {
            for (int i = 0; i < clients; i++)
            {
                connections[i] = new HttpConnection(server);
                times[i] = [];
            }

            Thread[] threads = [.. Enumerable.Range(0, clients).Select(i => new Thread(() =>
            {
                try
                {
                    ready.SignalAndWait();
                    bytes[i] = work(connections[i], i, times[i], start + (long)(limit.TotalSeconds * Stopwatch.Frequency));
                }
                catch (Exception e) when (e is SocketException or IOException or CandidateException)
                {
                    failure = e;
                }
            }, StackSize))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
        }
        catch (SocketException e)
        {
            failure = e;
        }
        finally
        {
            Array.ForEach(connections, connection => connection?.Dispose());
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return failure is null
            ? new LoadResult(times.Sum(t => t.Count), bytes.Sum(), elapsed, new Latencies(times.SelectMany(t => t)))
            : throw new CandidateException($"a client failed: {failure.Message}");
    }

    /// <exception cref="CandidateException">The answer is an error.</exception>
    public static void Check(HttpAnswer answer, ReadOnlySpan<byte> request)
    {
        if (!answer.IsGood)
        {
            throw new CandidateException($"{answer.Status} to {System.Text.Encoding.ASCII.GetString(new HttpHead(request).StartLine)}");
        }
    }
}
