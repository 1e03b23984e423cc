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
    private readonly Lister<V1ServiceAccount> _accounts = new();
    private readonly Lister<V1DaemonSet> _daemonSets = new();
    private readonly Rollout _rollout;

    public RolloutTests() => _rollout = new Rollout(
        _server.Api, new Applier(_server.Api), _accounts, _configMaps, _daemonSets, new Lister<V1Pod>());

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

    [Fact]
    public async Task Prune_removes_mirrors_that_nothing_uses()
    {
        RolloutPlan plan = Samples.Plan(Samples.Mirrored()), earlier = Samples.Plan(Samples.Mirrored() with { Repositories = null });
        _configMaps.Items.AddRange(
            [RegistryConfigMap.Build(Samples.Owner, plan), MirrorsConfigMap.Build(Samples.Owner, plan)!, MirrorsConfigMap.Build(Samples.Owner, earlier)!]);
        _server.Answer = (_, _) => (200, """{"kind": "Status", "status": "Success"}""");

        await _rollout.PruneAsync(Samples.Owner, [plan], Cancel);

        Assert.Equal([$"DELETE {ConfigMaps}/{Names.Mirrors(Samples.Owner, earlier.MirrorsHash!)}"], _server.Requests.Select(r => r.Split('?')[0]));
    }

    [Fact]
    public async Task Apply_with_mirrors_configures_the_nodes_after_the_registry()
    {
        RolloutPlan plan = Samples.Plan(Samples.Mirrored());
        Accept();

        RolloutResult result = await _rollout.ApplyAsync(Samples.Owner, plan, Cancel);

        Assert.Empty(result.Taken);
        Assert.Equal("registry", result.DaemonSet.Name());
        Assert.Equal(
            [
                "PATCH serviceaccounts/registry", $"PATCH configmaps/registry-{plan.ConfigHash}", $"PATCH configmaps/registry-mirrors-{plan.MirrorsHash}",
                "PATCH daemonsets/registry", "PATCH serviceaccounts/registry-node-config", "PATCH daemonsets/registry-node-config",
            ],
            Writes());
    }

    [Theory]
    [InlineData(0, 0, true, true)]
    [InlineData(1, 0, true, false)]
    [InlineData(1, 1, true, true)]
    [InlineData(20, 17, true, false)]
    [InlineData(20, 18, true, true)]
    // The counts are of the revision before.
    [InlineData(20, 20, false, false)]
    public async Task Apply_with_mirrors_configures_the_nodes_when_the_registry_is_nearly_everywhere(int desired, int updated, bool observed, bool configured)
    {
        Accept(desired, updated, observed);

        RolloutResult result = await _rollout.ApplyAsync(Samples.Owner, Samples.Plan(Samples.Mirrored()), Cancel);

        Assert.Empty(result.Taken);
        Assert.Equal(configured, Writes().Contains("PATCH daemonsets/registry-node-config"));
        Assert.Equal(configured, Writes().Contains("PATCH serviceaccounts/registry-node-config"));
    }

    [Fact]
    public async Task Apply_of_other_mirrors_leaves_the_nodes_those_that_they_have_until_the_registry_has_the_new_ones()
    {
        _daemonSets.Items.Add(NodeConfigDaemonSet.Build(Samples.Owner, Samples.Plan(Samples.Mirrored()))!);
        RolloutPlan plan = Samples.Plan(Samples.Mirrored() with { Repositories = null });
        Accept(20, 3);
        await _rollout.ApplyAsync(Samples.Owner, plan, Cancel);
        Assert.DoesNotContain(Writes(), w => w.EndsWith("-node-config", StringComparison.Ordinal));

        Accept(20, 18);
        await _rollout.ApplyAsync(Samples.Owner, plan, Cancel);
        Assert.Contains("PATCH daemonsets/registry-node-config", Writes());
    }

    [Fact]
    public async Task Apply_of_the_mirrors_that_the_nodes_have_does_not_wait_for_the_registry()
    {
        RolloutPlan plan = Samples.Plan(Samples.Mirrored());
        _daemonSets.Items.Add(NodeConfigDaemonSet.Build(Samples.Owner, plan)!);
        Accept(20, 0);

        await _rollout.ApplyAsync(Samples.Owner, plan, Cancel);

        Assert.Contains("PATCH daemonsets/registry-node-config", Writes());
    }

    [Fact]
    public async Task Prune_keeps_the_mirrors_that_the_node_configuration_still_names()
    {
        RolloutPlan plan = Samples.Plan(Samples.Mirrored()), earlier = Samples.Plan(Samples.Mirrored() with { Repositories = null });
        _configMaps.Items.AddRange([MirrorsConfigMap.Build(Samples.Owner, plan)!, MirrorsConfigMap.Build(Samples.Owner, earlier)!]);
        _daemonSets.Items.Add(NodeConfigDaemonSet.Build(Samples.Owner, earlier)!);

        await _rollout.PruneAsync(Samples.Owner, [plan], Cancel);

        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Apply_without_mirrors_takes_the_node_configuration_away_before_the_registry_changes()
    {
        RolloutPlan earlier = Samples.Plan(Samples.Mirrored());
        _daemonSets.Items.Add(NodeConfigDaemonSet.Build(Samples.Owner, earlier)!);
        _accounts.Items.Add(NodeConfigServiceAccount.Build(Samples.Owner));
        Accept();

        await _rollout.ApplyAsync(Samples.Owner, Samples.Plan(), Cancel);

        Assert.Equal(
            ["DELETE daemonsets/registry-node-config", "DELETE serviceaccounts/registry-node-config", "PATCH daemonsets/registry"],
            Writes().TakeLast(3));
    }

    [Fact]
    public async Task Apply_without_mirrors_leaves_objects_of_someone_else_alone()
    {
        Owner other = Samples.Owner with { Uid = "99999999-2222-3333-4444-555555555555" };
        _daemonSets.Items.Add(NodeConfigDaemonSet.Build(other, Samples.Plan(Samples.Mirrored()))!);
        _accounts.Items.Add(NodeConfigServiceAccount.Build(other));
        Accept();

        await _rollout.ApplyAsync(Samples.Owner, Samples.Plan(), Cancel);

        Assert.DoesNotContain(Writes(), w => w.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apply_with_a_ServiceAccount_of_someone_else_gives_it_no_pod_that_is_root_on_a_node()
    {
        Owner other = Samples.Owner with { Uid = "99999999-2222-3333-4444-555555555555" };
        _accounts.Items.Add(NodeConfigServiceAccount.Build(other));
        Accept();

        RolloutResult result = await _rollout.ApplyAsync(Samples.Owner, Samples.Plan(Samples.Mirrored()), Cancel);

        Assert.Equal(["ServiceAccount \"registry-node-config\""], result.Taken);
        Assert.DoesNotContain(Writes(), w => w.EndsWith("-node-config", StringComparison.Ordinal));
    }

    private void Accept(int desired = 1, int updated = 1, bool observed = true) => _server.Answer = (request, body) =>
        request.Method == "PATCH" ? (201, request.Path.Value!.EndsWith("/daemonsets/registry", StringComparison.Ordinal) ? Samples.RolledOut(body, desired, updated, observed) : body)
        : request.Method == "DELETE" ? (200, """{"kind": "Status"}""") : (404, """{"kind": "Status", "code": 404}""");

    // As "PATCH daemonsets/registry".
    private IEnumerable<string> Writes() => _server.Requests
        .Where(r => !r.StartsWith("GET", StringComparison.Ordinal))
        .Select(r => $"{r.Split(' ')[0]} {string.Join('/', r.Split('?')[0].Split('/')[^2..])}");

    private Task<bool> PublishAsync() =>
        _rollout.PublishPoliciesAsync(Samples.Owner, Samples.Plan(), Samples.Driver(), "arn:aws:iam::111122223333:role/registry", null, Cancel);
}
