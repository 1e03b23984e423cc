using System.Threading.Channels;
using k8s.Models;
using LocalRegistry.Operator.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LocalRegistry.Operator.Tests.Runtime;

public sealed class InformerTests : IAsyncLifetime
{
    private readonly FakeApiServer _server = FakeApiServer.Start();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly Informer<V1ConfigMap> _informer;
    private Task _running = Task.CompletedTask;

    public InformerTests()
    {
        _informer = new Informer<V1ConfigMap>(_server.Api, "ns", "a=b", TimeProvider.System, NullLogger<Informer<V1ConfigMap>>.Instance);
        _informer.Changed += (resource, deleted) => _changes.Writer.TryWrite($"{(deleted ? "-" : "+")}{resource.Name()}@{resource.ResourceVersion()}");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _server.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Run_lists_every_page_and_watches_from_there()
    {
        _server.Answer = (request, _) => request.Query.ContainsKey("continue") ? (200, List("9", Item("b", 2))) : (200, List("9", Item("a", 1), "next page"));
        FakeApiServer.Watch watch = await StartAsync();

        watch.Send(Event("MODIFIED", Item("a", 10)));

        Assert.Equal("9", watch.ResourceVersion);
        Assert.Equal(["+a@1", "+b@2", "+a@10"], await ChangesAsync(3));
        Assert.Contains("GET /api/v1/namespaces/ns/configmaps?limit=500&labelSelector=a%3Db&continue=next%20page", _server.Requests);
        Assert.Equal("10", _informer.Get(new ResourceKey("ns", "a"))!.ResourceVersion());
    }

    [Fact]
    public async Task Run_after_the_server_ended_the_watch_goes_on_from_the_last_bookmark()
    {
        _server.Answer = (_, _) => (200, List("9"));
        FakeApiServer.Watch watch = await StartAsync();

        watch.Send(Event("BOOKMARK", """{"metadata": {"resourceVersion": "15"}}"""));
        watch.Lines.Writer.Complete();

        Assert.Equal("15", (await NextWatchAsync()).ResourceVersion);
    }

    [Fact]
    public async Task Run_when_the_version_has_expired_lists_again_and_tells_what_was_deleted_meanwhile()
    {
        _server.Answer = (_, _) => (200, List("9", Item("a", 1)));
        FakeApiServer.Watch watch = await StartAsync();
        _server.Answer = (_, _) => (200, List("30", Item("b", 20)));

        watch.Send(Event("ERROR", """{"kind": "Status", "code": 410, "reason": "Expired"}"""));

        Assert.Equal("30", (await NextWatchAsync()).ResourceVersion);
        Assert.Equal(["+a@1", "+b@20", "-a@1"], await ChangesAsync(3));
    }

    [Fact]
    public async Task Run_when_the_connection_is_cut_lists_again()
    {
        _server.Answer = (_, _) => (200, List("9", Item("a", 1)));
        FakeApiServer.Watch watch = await StartAsync();
        _server.Answer = (_, _) => (200, List("12"));

        watch.Lines.Writer.Complete(new IOException("cut"));

        Assert.Equal("12", (await NextWatchAsync()).ResourceVersion);
        Assert.Equal(["+a@1", "-a@1"], await ChangesAsync(2));
    }

    [Fact]
    public async Task Run_while_the_server_refuses_is_not_synced_and_tries_again()
    {
        int calls = 0;
        _server.Answer = (_, _) => ++calls == 1 ? (500, "broken") : (200, List("9"));

        await StartAsync();

        Assert.Equal(2, calls);
        Assert.True(_informer.Synced.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Run_passes_over_an_object_that_cannot_be_read()
    {
        _server.Answer = (_, _) => (200, List("9", """{"metadata": {"name": "bad", "namespace": "ns"}, "data": "no mapping"}, """ + Item("a", 1)));

        await StartAsync();

        Assert.Equal(["+a@1"], await ChangesAsync(1));
    }

    private async Task<FakeApiServer.Watch> StartAsync()
    {
        _running = _informer.RunAsync(_stop.Token);
        return await NextWatchAsync();
    }

    private async Task<FakeApiServer.Watch> NextWatchAsync() => await _server.Watches.Reader.ReadAsync(_stop.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    private async Task<List<string>> ChangesAsync(int count)
    {
        var changes = new List<string>();
        while (changes.Count < count)
        {
            changes.Add(await _changes.Reader.ReadAsync(_stop.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        }

        return changes;
    }

    private static string Item(string name, int version) => $$$"""{"metadata": {"name": "{{{name}}}", "namespace": "ns", "resourceVersion": "{{{version}}}"}}""";

    private static string List(string version, string items = "", string next = "") =>
        $$"""{"kind": "ConfigMapList", "metadata": {"resourceVersion": "{{version}}", "continue": "{{next}}"}, "items": [{{items}}]}""";

    private static string Event(string type, string resource) => $$"""{"type": "{{type}}", "object": {{resource}}}""";
}
