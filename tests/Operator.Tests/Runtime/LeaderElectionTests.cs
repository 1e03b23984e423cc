using System.Text.Json.Nodes;
using LocalRegistry.Operator.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LocalRegistry.Operator.Tests.Runtime;

public sealed class LeaderElectionTests : IAsyncDisposable
{
    /// <summary>Enough for a busy machine, and less than the 15 s that a lease lasts which was not given up.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(12);

    private readonly FakeApiServer _server = FakeApiServer.Start();
    private readonly Lock _lock = new();
    private JsonObject? _lease;

    public LeaderElectionTests() => _server.Answer = (request, body) =>
    {
        lock (_lock)
        {
            if (request.Method is "POST" or "PUT")
            {
                _lease = JsonNode.Parse(body)!.AsObject();
            }

            return _lease is null ? (404, """{"kind": "Status", "code": 404, "reason": "NotFound"}""") : (200, _lease.ToJsonString());
        }
    };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Run_when_stopped_gives_the_lease_up_after_the_work_has_ended()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        string? holderAtEnd = null;

        bool kept = await Election("one").RunAsync(
            async cancel =>
            {
                await stop.CancelAsync();
                holderAtEnd = Holder();
            },
            stop.Token);

        Assert.True(kept);
        Assert.Equal("one", holderAtEnd);
        Assert.Equal("", Holder());
    }

    [Fact]
    public async Task Run_after_another_gave_the_lease_up_takes_it_at_once()
    {
        await Election("one").RunAsync(_ => Task.CompletedTask, TestContext.Current.CancellationToken);
        string? holder = null;

        await Election("two").RunAsync(
            _ =>
            {
                holder = Holder();
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken).WaitAsync(AtOnce, TestContext.Current.CancellationToken);

        Assert.Equal("two", holder);
    }

    [Fact]
    public async Task Run_while_another_holds_the_lease_waits_until_stopped()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bool worked = false;

        await Election("one").RunAsync(
            async _ =>
            {
                Task<bool> second = Election("two").RunAsync(
                    _ =>
                    {
                        worked = true;
                        return Task.CompletedTask;
                    },
                    stop.Token);
                await stop.CancelAsync();
                Assert.True(await second);
            },
            TestContext.Current.CancellationToken);

        Assert.False(worked);
    }

    private LeaderElection Election(string identity) => new(_server.Client, "ns", identity, TimeProvider.System, NullLogger<LeaderElection>.Instance);

    private string? Holder()
    {
        lock (_lock)
        {
            return _lease?["spec"]?["holderIdentity"]?.GetValue<string>();
        }
    }
}
