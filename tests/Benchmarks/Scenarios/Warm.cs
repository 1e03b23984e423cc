using LocalRegistry.Benchmarks.Candidates;
using LocalRegistry.Benchmarks.Clients;

namespace LocalRegistry.Benchmarks.Scenarios;

/// <summary>Asks for something before the clock runs, so that whoever keeps it has it.</summary>
internal static class Warm
{
    // The second request is the first that may find what the first one left.
    private const int Times = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static void Ask(RunningCandidate running, params IReadOnlyList<byte[]> requests) =>
        Load.Run(running.Target, 1, (_, n) => n < Times * requests.Count ? requests[n % requests.Count] : null, Patience);
}
