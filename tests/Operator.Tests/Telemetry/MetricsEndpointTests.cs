using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Calls;
using LocalRegistry.Operator.Telemetry;
using Xunit;

namespace LocalRegistry.Operator.Tests.Telemetry;

[Collection(nameof(ProcessWide))]
public sealed class MetricsEndpointTests
{
    [Fact]
    public async Task Scrape_of_the_leader_tells_each_condition_once_with_the_status_that_it_has()
    {
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null, SampleResources.Registry("one"), SampleResources.Registry("two"));

        Scrape scrape = await running.ScrapeAsync(s => s.Value(OperatorMetrics.Leader) == 1);

        Assert.Equal("gauge", scrape.Types[ResourceGauges.Condition]);
        Assert.Equal(2 * 2 * 3, scrape.Named(ResourceGauges.Condition).Count());
        Assert.Equal(
            ["one ConfigValid True", "one Ready False", "two ConfigValid True", "two Ready False"],
            scrape.Named(ResourceGauges.Condition).Where(s => s.Value == 1).Select(s => $"{s.Labels["name"]} {s.Labels["type"]} {s.Labels["status"]}").Order());
        Assert.All(scrape.Named(ResourceGauges.Condition), s => Assert.Equal("local-registry", s.Labels["namespace"]));
    }

    [Fact]
    public async Task Scrape_of_the_leader_tells_what_each_check_last_found()
    {
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null, SampleResources.Registry("one"));

        Scrape scrape = await running.ScrapeAsync(s => s.Value(OperatorMetrics.Leader) == 1);

        Assert.Equal(
            ["Encryption Enforce Failed 1", "Lifecycle Warn Unknown 1", "Versioning Warn Failed 1"],
            scrape.Named(ResourceGauges.Check).Select(s => $"{s.Labels["check"]} {s.Labels["severity"]} {s.Labels["outcome"]} {s.Value}").Order());
    }

    [Fact]
    public async Task Scrape_of_the_leader_tells_nodes_and_validation()
    {
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null, SampleResources.Registry("one"));

        Scrape scrape = await running.ScrapeAsync(s => s.Value(OperatorMetrics.Leader) == 1);

        Assert.Equal(3, scrape.Value(ResourceGauges.Nodes, "name=one", "state=desired"));
        Assert.Equal(2, scrape.Value(ResourceGauges.Nodes, "name=one", "state=updated"));
        Assert.Equal(1, scrape.Value(ResourceGauges.Nodes, "name=one", "state=ready"));
        Assert.Equal(new DateTimeOffset(SampleResources.Validated).ToUnixTimeSeconds(), scrape.Value(ResourceGauges.LastValidated, "name=one"));
        Assert.Equal(600, scrape.Value(ResourceGauges.ValidationInterval, "name=one"));
    }

    [Fact]
    public async Task Scrape_of_the_leader_tells_of_the_nodes_that_pull_through_their_registry()
    {
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null, SampleResources.Registry("mirrored"), SampleResources.Registry("one"));

        Scrape scrape = await running.ScrapeAsync(s => s.Value(OperatorMetrics.Leader) == 1 && s.Named(MirrorGauges.LastRequest).Any());

        Assert.Equal(
            ["mirrored desired 5", "mirrored failing 1", "mirrored proven 2"],
            scrape.Named(MirrorGauges.Nodes).Select(s => $"{s.Labels["name"]} {s.Labels["state"]} {s.Value}").Order());
        Assert.Equal(2, scrape.Named(MirrorGauges.LastRequest).Count());
        Assert.Equal(3600, scrape.Value(MirrorGauges.ProofInterval, "name=mirrored"));
        Assert.Single(scrape.Named(MirrorGauges.ProofInterval));
        Assert.Equal(SampleMirrors.Proven.ToUnixTimeSeconds() + 30, scrape.Value(MirrorGauges.LastRequest, "name=mirrored", "node=asked"));
        Assert.Equal(SampleMirrors.Proven.ToUnixTimeSeconds(), scrape.Value(MirrorGauges.LastRequest, "name=mirrored", "node=quiet"));
    }

    [Fact]
    public async Task Scrape_of_a_resource_whose_checks_are_all_off_tells_no_time_of_a_validation_that_would_grow_old()
    {
        V1Alpha1LocalRegistry resource = SampleResources.Registry("one");
        resource.Status = resource.Status! with { Checks = [] };
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null, resource);

        Scrape scrape = await running.ScrapeAsync(s => s.Value(OperatorMetrics.Leader) == 1);

        Assert.Empty(scrape.Named(ResourceGauges.LastValidated));
        Assert.NotEmpty(scrape.Named(ResourceGauges.Condition));
    }

    [Fact]
    public async Task Scrape_of_the_leader_tells_of_nodes_that_wait_to_be_restored_after_their_resource()
    {
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null, SampleRestoration.Answer, SampleResources.Registry("one"));

        Scrape scrape = await running.ScrapeAsync(s => s.Value(OperatorMetrics.Leader) == 1);

        Assert.Equal(1, scrape.Value(RestorationGauges.NodesToRestore, "namespace=local-registry", "name=gone"));
        Assert.Single(scrape.Named(RestorationGauges.NodesToRestore));
    }

    [Fact]
    public async Task Scrape_after_a_resource_was_deleted_tells_nothing_of_it()
    {
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null, SampleResources.Registry("one"), SampleResources.Registry("two"));
        await running.ScrapeAsync(s => s.Value(ResourceGauges.Nodes, "name=one", "state=desired") == 3);

        await running.DeleteAsync("one");

        Scrape scrape = await running.ScrapeAsync(s => s.Named(ResourceGauges.Nodes).Count() == 3);
        Assert.DoesNotContain(scrape.All, s => s.Labels.GetValueOrDefault("name") == "one");
    }

    [Fact]
    public async Task Scrape_of_a_replica_that_waits_tells_of_no_resource()
    {
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: "another", SampleResources.Registry("mirrored"));

        Scrape scrape = await running.ScrapeAsync(s => s.Value(OperatorMetrics.WorkQueueDepth, "controller=localregistry") == 1);

        Assert.Equal(0, scrape.Value(OperatorMetrics.Leader));
        Assert.DoesNotContain(scrape.All, s => s.Labels.ContainsKey("name"));
    }

    [Fact]
    public async Task Scrape_counts_reconciliations_by_result()
    {
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null, SampleResources.Registry("one"));

        Scrape scrape = await running.ScrapeAsync(
            s => s.Value(OperatorMetrics.Reconciliations, "controller=localregistry", "result=success") > 0
                && s.Value($"{OperatorMetrics.ReconciliationDuration}_count", "controller=localregistry") > 0);

        Assert.Equal("counter", scrape.Types[OperatorMetrics.Reconciliations]);
        Assert.Equal("histogram", scrape.Types[OperatorMetrics.ReconciliationDuration]);
        Assert.Equal(["localregistry", "restoration"], scrape.Named(OperatorMetrics.WorkQueueDepth).Select(s => s.Labels["controller"]).Order());
        Assert.True(scrape.Value($"{OperatorMetrics.ReconciliationDuration}_sum", "controller=localregistry") > 0);
    }

    [Fact]
    public async Task Scrape_counts_requests_to_AWS_and_tells_of_throttling_before_there_is_any()
    {
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null);
        await running.AskAwsAsync(new AwsOperation("S3", "GetBucketEncryption"));

        Scrape scrape = await running.ScrapeAsync(s => s.Named(OperatorMetrics.AwsRequests).Any());

        Assert.Equal(1, scrape.Value(OperatorMetrics.AwsRequests, "service=S3", "operation=GetBucketEncryption", "code=200"));
        Assert.Equal("counter", scrape.Types[OperatorMetrics.AwsThrottled]);
        Assert.Equal(0, scrape.Value(OperatorMetrics.AwsThrottled, "by=aws"));
        Assert.Equal(0, scrape.Value(OperatorMetrics.AwsThrottled, "by=operator"));
    }
}
