using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Operator.Tests.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Operator.Tests.Controllers;

public sealed class TransitionsTests : IAsyncDisposable
{
    private readonly FakeApiServer _server = FakeApiServer.Start();
    private readonly FakeTimeProvider _time = new();
    private readonly EventStore _events = new();
    private readonly V1Alpha1LocalRegistry _registry = Samples.Registry();
    private Transitions _transitions;
    private IReadOnlyList<Condition> _status = [];

    public TransitionsTests()
    {
        _server.Answer = (request, body) => _events.Answer(request, body) ?? (404, """{"kind": "Status", "code": 404}""");
        _transitions = Start();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Tell_of_a_condition_that_turned_records_one_Event_about_the_resource()
    {
        await TurnAsync(ConditionTypes.BucketEncrypted, ConditionStatus.False, Reasons.NotEncrypted, "Switch it on.");

        Corev1Event told = Assert.Single(_events.All);
        Assert.Equal(("Warning", Reasons.NotEncrypted, "Switch it on.", 1), (told.Type, told.Reason, told.Message, told.Count));
        Assert.Equal((_registry.Name(), _registry.Uid(), "LocalRegistry"), (told.InvolvedObject.Name, told.InvolvedObject.Uid, told.InvolvedObject.Kind));
    }

    [Fact]
    public async Task Tell_of_a_condition_that_stays_says_nothing_however_its_message_changes()
    {
        await TurnAsync(ConditionTypes.BucketEncrypted, ConditionStatus.False, Reasons.NotEncrypted, "Asked 1 time.");
        int requests = _server.Requests.Count;

        for (int i = 2; i < 20; i++)
        {
            await TurnAsync(ConditionTypes.BucketEncrypted, ConditionStatus.False, Reasons.NotEncrypted, $"Asked {i} times.");
        }

        Assert.Equal(requests, _server.Requests.Count);
    }

    [Fact]
    public async Task Tell_of_a_condition_that_flaps_counts_two_Events_up_and_keeps_the_newest_words()
    {
        for (int i = 1; i <= 30; i++)
        {
            await TurnAsync(ConditionTypes.BucketEncrypted, ConditionStatus.Unknown, Reasons.StoreUnreachable, $"10.0.0.{i} did not answer.");
            await TurnAsync(ConditionTypes.BucketEncrypted, ConditionStatus.True, Reasons.ChecksPassed, $"Asked {i} times.");
        }

        Assert.Equal(
            [("Normal", Reasons.ChecksPassed, "Asked 30 times.", 30), ("Warning", Reasons.StoreUnreachable, "10.0.0.30 did not answer.", 30)],
            _events.All.Select(e => (e.Type, e.Reason, e.Message, e.Count!.Value)));
    }

    [Fact]
    public async Task Tell_after_a_restart_says_nothing_again_and_counts_on_what_turns()
    {
        await TurnAsync(ConditionTypes.AccessGranted, ConditionStatus.False, Reasons.PreflightFailed, "one");
        int requests = _server.Requests.Count;

        _transitions = Start();
        await TurnAsync(ConditionTypes.AccessGranted, ConditionStatus.False, Reasons.PreflightFailed, "one");
        Assert.Equal(requests, _server.Requests.Count);

        await TurnAsync(ConditionTypes.AccessGranted, ConditionStatus.True, Reasons.ChecksPassed, "two");
        await TurnAsync(ConditionTypes.AccessGranted, ConditionStatus.False, Reasons.PreflightFailed, "three");
        Assert.Equal([1, 2], _events.All.Select(e => e.Count!.Value));
    }

    [Fact]
    public async Task Tell_after_the_Event_was_forgotten_makes_it_anew()
    {
        await TurnAsync(ConditionTypes.AccessGranted, ConditionStatus.False, Reasons.PreflightFailed, "one");
        await TurnAsync(ConditionTypes.AccessGranted, ConditionStatus.True, Reasons.ChecksPassed, "two");
        _events.Expire();
        await TurnAsync(ConditionTypes.AccessGranted, ConditionStatus.False, Reasons.PreflightFailed, "three");

        Corev1Event told = Assert.Single(_events.All);
        Assert.Equal(("three", 1), (told.Message, told.Count));
    }

    [Fact]
    public async Task Tell_of_two_conditions_with_one_reason_records_an_Event_for_each()
    {
        await TurnAsync(ConditionTypes.BucketEncrypted, ConditionStatus.Unknown, Reasons.CheckNotPermitted, "s3:GetEncryptionConfiguration");
        await TurnAsync(ConditionTypes.BucketProtected, ConditionStatus.Unknown, Reasons.CheckNotPermitted, "s3:GetBucketPolicy");

        Assert.Equal(["s3:GetBucketPolicy", "s3:GetEncryptionConfiguration"], _events.All.Select(e => e.Message).Order());
    }

    [Fact]
    public async Task Tell_of_steps_on_the_way_and_of_the_summary_says_nothing()
    {
        await TurnAsync(ConditionTypes.AccessGranted, ConditionStatus.Unknown, Reasons.PreflightPending, "");
        await TurnAsync(ConditionTypes.AccessGranted, ConditionStatus.Unknown, Reasons.PreflightRunning, "");
        await TurnAsync(ConditionTypes.Ready, ConditionStatus.False, Reasons.PreflightRunning, "");
        await TurnAsync(ConditionTypes.Available, ConditionStatus.False, Reasons.NothingRolledOut, "");
        await TurnAsync(ConditionTypes.MirrorConfigured, ConditionStatus.True, Reasons.NoMirrors, "");
        await TurnAsync(ConditionTypes.MirrorConfigured, ConditionStatus.Unknown, Reasons.ProvingMirrors, "");

        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Tell_of_the_mirrors_says_each_turn_once()
    {
        await TurnAsync(ConditionTypes.MirrorConfigured, ConditionStatus.True, Reasons.MirrorsProven, "3 of 3 nodes.");
        await TurnAsync(ConditionTypes.MirrorConfigured, ConditionStatus.True, Reasons.MirrorsProven, "2 of 3 nodes.");
        await TurnAsync(ConditionTypes.MirrorConfigured, ConditionStatus.False, Reasons.NotPulledThrough, "1 does not.");
        await TurnAsync(ConditionTypes.MirrorConfigured, ConditionStatus.False, Reasons.NotPulledThrough, "2 do not.");

        Assert.Equal(
            [("Normal", Reasons.MirrorsProven, "3 of 3 nodes.", 1), ("Warning", Reasons.NotPulledThrough, "1 does not.", 1)],
            _events.All.Select(e => (e.Type, e.Reason, e.Message, e.Count!.Value)));
    }

    [Fact]
    public async Task Tell_of_two_nodes_with_one_reason_records_an_Event_for_each()
    {
        await _transitions.TellNodeAsync(_registry, "a", Reasons.NotPulledThrough, "not found", Cancel);
        await _transitions.TellNodeAsync(_registry, "b", Reasons.NotPulledThrough, "not found", Cancel);

        Assert.Equal(
            ["Node a does not pull through its registry any more: not found", "Node b does not pull through its registry any more: not found"],
            _events.All.Select(e => e.Message).Order());
    }

    [Fact]
    public async Task Tell_of_a_name_that_is_taken_says_it_once_and_again_when_the_Event_is_forgotten()
    {
        for (int i = 0; i < 10; i++)
        {
            await _transitions.TellForeignPoliciesAsync(_registry, "registry-aws-policies", Cancel);
            await _transitions.TellForeignServiceAccountAsync(_registry, "registry", Cancel);
        }

        Assert.Equal([1, 1], _events.All.Select(e => e.Count!.Value));

        _events.Expire();
        _time.Advance(TimeSpan.FromHours(1));
        await _transitions.TellForeignPoliciesAsync(_registry, "registry-aws-policies", Cancel);

        Assert.Equal(("PoliciesNotWritten", 1), (_events.All.Single().Reason, _events.All.Single().Count));
    }

    [Fact]
    public async Task Tell_that_the_API_server_refuses_holds_nothing_up()
    {
        _server.Answer = (_, _) => (403, """{"kind": "Status", "code": 403, "reason": "Forbidden"}""");

        await TurnAsync(ConditionTypes.BucketEncrypted, ConditionStatus.False, Reasons.NotEncrypted, "Switch it on.");

        Assert.Single(_server.Requests);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Transitions Start() => new(new EventRecorder(_server.Api, "me", _time, NullLogger<EventRecorder>.Instance), _time);

    // As a reconciliation does it: what is told becomes the status that the next one finds.
    private async Task TurnAsync(string type, ConditionStatus status, string reason, string message)
    {
        var conditions = new ConditionSet(_status, 1, _time.GetUtcNow());
        foreach (Condition other in _status.Where(c => c.Type != type))
        {
            conditions.Set(other.Type, other.Status, other.Reason, other.Message);
        }

        conditions.Set(type, status, reason, message);
        await _transitions.TellAsync(_registry, conditions, Cancel);
        _status = conditions.All;
    }
}
