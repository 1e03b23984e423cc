using k8s;
using k8s.Models;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Operator.Tests.Runtime;
using Xunit;

namespace LocalRegistry.Operator.Tests.Controllers;

public sealed class RolloutTests : IAsyncDisposable
{
    private const string ConfigMaps = "/api/v1/namespaces/local-registry/configmaps";

    private readonly FakeApiServer _server = FakeApiServer.Start();
    private readonly Lister<V1ConfigMap> _configMaps = new();
    private readonly Rollout _rollout;

    public RolloutTests() => _rollout = new Rollout(
        _server.Api, new Applier(_server.Api), new Lister<V1ServiceAccount>(), _configMaps, new Lister<V1DaemonSet>(), new Lister<V1Pod>());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task PublishPolicies_writes_them_beside_the_resource()
    {
        V1ConfigMap? written = null;
        _server.Answer = (request, body) =>
        {
            written = request.Method == "PATCH" ? KubernetesJson.Deserialize<V1ConfigMap>(body) : written;
            return request.Method == "PATCH" ? (201, body) : (404, """{"kind": "Status", "code": 404}""");
        };

        Assert.True(await PublishAsync());

        Assert.NotNull(written);
        Assert.Equal("registry-aws-policies", written.Name());
        Assert.Equal(
            ["bucket-policy.json", "cloudformation.yaml", "consumer-policy.json", "operator-policy.json", "publisher-policy.json"],
            written.Data.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("arn:aws:iam::111122223333:role/registry", written.Data["operator-policy.json"], StringComparison.Ordinal);
        Assert.NotEqual(true, written.Immutable);
    }

    [Fact]
    public async Task PublishPolicies_over_a_ConfigMap_of_someone_else_leaves_it_alone()
    {
        _server.Answer = (_, _) => (200, """{"metadata": {"name": "registry-aws-policies", "namespace": "local-registry"}}""");

        Assert.False(await PublishAsync());

        Assert.DoesNotContain(_server.Requests, r => r.StartsWith("PATCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prune_removes_configurations_that_nothing_uses_and_keeps_the_policies()
    {
        RolloutPlan plan = Samples.Plan(), earlier = plan with { Config = "version: 0.1" };
        _configMaps.Items.AddRange(
            [RegistryConfigMap.Build(Samples.Owner, plan), RegistryConfigMap.Build(Samples.Owner, earlier), PoliciesConfigMap.Build(Samples.Owner, plan, Samples.Driver(), null, null)]);
        _server.Answer = (_, _) => (200, """{"kind": "Status", "status": "Success"}""");

        await _rollout.PruneAsync(Samples.Owner, [plan], Cancel);

        Assert.Equal([$"DELETE {ConfigMaps}/{Names.ConfigMap(Samples.Owner, earlier.ConfigHash)}"], _server.Requests.Select(r => r.Split('?')[0]));
    }

    private Task<bool> PublishAsync() =>
        _rollout.PublishPoliciesAsync(Samples.Owner, Samples.Plan(), Samples.Driver(), "arn:aws:iam::111122223333:role/registry", null, Cancel);
}
