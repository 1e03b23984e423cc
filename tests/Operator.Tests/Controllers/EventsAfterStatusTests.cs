using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Telemetry;
using LocalRegistry.Operator.Tests.Runtime;
using LocalRegistry.Operator.Tests.Telemetry;
using Xunit;

namespace LocalRegistry.Operator.Tests.Controllers;

[Collection(nameof(ProcessWide))]
public sealed class EventsAfterStatusTests
{
    [Fact]
    public async Task Status_that_cannot_be_written_makes_no_Events_until_it_is()
    {
        var events = new EventStore();
        int writes = 0;
        int eventsWhileRefused = -1;
        V1Alpha1LocalRegistry refused = Samples.Registry(Samples.Spec("{}"));
        refused.Metadata.ResourceVersion = "1";
        await using OperatorFixture running = await OperatorFixture.StartAsync(
            leader: null,
            (request, body) =>
            {
                if (request.Path.Value!.EndsWith("/status", StringComparison.Ordinal) && Interlocked.Increment(ref writes) <= 4)
                {
                    eventsWhileRefused = events.Created;
                    return (500, """{"kind": "Status", "code": 500, "message": "not now"}""");
                }

                return events.Answer(request, body);
            },
            refused);

        await running.ScrapeAsync(_ => events.Created > 0);
        await running.ScrapeAsync(s => s.Value(OperatorMetrics.Reconciliations, "result=success") > 0);

        Assert.Equal((0, 1), (eventsWhileRefused, events.Created));
        Assert.Equal((Reasons.InvalidConfiguration, 1), (events.All.Single().Reason, events.All.Single().Count));
    }
}
