using k8s;
using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using Xunit;

namespace LocalRegistry.Operator.Tests.Runtime;

public sealed class ApplierTests : IAsyncDisposable
{
    private readonly FakeApiServer _server = FakeApiServer.Start();
    private readonly Lister _lister = new();
    private readonly Applier _applier;

    public ApplierTests() => _applier = new Applier(_server.Api);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Apply_of_what_does_not_exist_applies_it_as_the_one_field_manager()
    {
        _server.Answer = (request, body) => request.Method == "PATCH" ? (201, body) : (404, """{"kind": "Status", "code": 404}""");

        Assert.NotNull(await ApplyAsync());

        Assert.Equal("PATCH /api/v1/namespaces/local-registry/serviceaccounts/registry?force=true&fieldManager=localregistry-operator", _server.Requests.Last());
    }

    [Fact]
    public async Task Apply_over_an_object_of_someone_else_leaves_it_alone()
    {
        _server.Answer = (_, _) => (200, """{"metadata": {"name": "registry", "namespace": "local-registry"}}""");

        Assert.Null(await ApplyAsync());

        Assert.DoesNotContain(_server.Requests, r => r.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apply_again_calls_only_if_the_object_has_changed()
    {
        V1ServiceAccount applied = Desired();
        applied.Metadata.ResourceVersion = "7";
        _server.Answer = (request, _) => request.Method == "PATCH" ? (200, KubernetesJson.Serialize(applied)) : (404, """{"kind": "Status", "code": 404}""");
        await ApplyAsync();
        int calls = _server.Requests.Count;

        _lister.Known = applied;
        await ApplyAsync();
        Assert.Equal(calls, _server.Requests.Count);

        _lister.Known = KubernetesJson.Deserialize<V1ServiceAccount>(KubernetesJson.Serialize(applied));
        _lister.Known.Metadata.ResourceVersion = "8";
        await ApplyAsync();
        Assert.Equal(calls + 1, _server.Requests.Count);
    }

    private Task<V1ServiceAccount?> ApplyAsync() => _applier.ApplyAsync(Desired(), _lister, TestContext.Current.CancellationToken);

    private static V1ServiceAccount Desired() => RegistryServiceAccount.Build(Samples.Owner, Samples.Plan());

    private sealed class Lister : ILister<V1ServiceAccount>
    {
        public V1ServiceAccount? Known { get; set; }

        public IEnumerable<V1ServiceAccount> All => Known is null ? [] : [Known];

        public V1ServiceAccount? Get(ResourceKey key) => Known;

        public IEnumerable<V1ServiceAccount> List(string space) => Known is null ? [] : [Known];
    }
}
