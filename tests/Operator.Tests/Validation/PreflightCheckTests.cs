using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Tests.Runtime;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration.Check;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation;

public sealed class PreflightCheckTests : IAsyncDisposable
{
    private readonly FakeApiServer _server = FakeApiServer.Start();
    private readonly FakeTimeProvider _time = new();
    private bool _prepared;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(403, "exceeded quota: jobs")]
    [InlineData(500, "failed calling webhook: connection refused")]
    public async Task Run_of_a_job_that_the_API_server_refuses_says_why_and_tries_again(int status, string message)
    {
        _server.Answer = (_, _) => (status, $$"""{"kind": "Status", "status": "Failure", "code": {{status}}, "message": "{{message}}"}""");
        var check = new PreflightCheck(_server.Api, new Lister<V1Job>(), new Lister<V1Pod>(), _time, NullLogger<PreflightCheck>.Instance);

        PreflightAnswer answer = await check.RunAsync(
            Samples.Owner, Samples.Candidate(), null, PrepareAsync, TestContext.Current.CancellationToken);

        Assert.Equal((CheckOutcome.Unknown, Reasons.PreflightCannotStart), (answer.Answer.Outcome, answer.Answer.Reason));
        Assert.Contains(message, answer.Answer.Message, StringComparison.Ordinal);
        Assert.Equal(30, (answer.Due - _time.GetUtcNow()).TotalSeconds);
        Assert.True(_prepared);
    }

    [Theory]
    [InlineData(125, false)]
    [InlineData(131, true)]
    public async Task Run_of_a_job_that_outlives_its_deadline_reminds_the_cluster_of_it(int seconds, bool reminds)
    {
        Candidate candidate = Samples.Candidate();
        V1Job job = PreflightJob.Build(Samples.Owner, candidate.Plan, 1, 0, null);
        job.Metadata.Uid = "job";
        job.Status = new V1JobStatus { StartTime = _time.GetUtcNow().UtcDateTime };
        _time.Advance(TimeSpan.FromSeconds(seconds));
        var patched = new ConcurrentQueue<string>();
        _server.Answer = (request, body) =>
        {
            if (request.Method != "PATCH")
            {
                return (200, """{"kind": "EventList", "apiVersion": "v1", "metadata": {}, "items": []}""");
            }

            patched.Enqueue(body);
            return (200, KubernetesJson.Serialize(job));
        };
        var jobs = new Lister<V1Job>();
        jobs.Items.Add(job);
        var check = new PreflightCheck(_server.Api, jobs, new Lister<V1Pod>(), _time, NullLogger<PreflightCheck>.Instance);

        PreflightAnswer answer = await check.RunAsync(Samples.Owner, candidate, null, PrepareAsync, TestContext.Current.CancellationToken);

        Assert.True(answer.UnderWay);
        Assert.Equal(reminds, patched.Any(body => body.Contains(Labels.PreflightOverdue, StringComparison.Ordinal)));
    }

    private Task PrepareAsync()
    {
        _prepared = true;
        return Task.CompletedTask;
    }
}
