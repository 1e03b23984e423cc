using System.Text.Json.Nodes;

namespace LocalRegistry.Chart.Tests;

public class RightsTests
{
    [Theory]
    [InlineData("ClusterRole", "")]
    [InlineData("Role", "team")]
    public async Task Operator_may_do_this_and_no_more(string kind, string watched)
    {
        Rendering chart = await Rendering.OfAsync($"watchNamespace={watched}");
        JsonNode role = chart.All(kind).Single(r => (string?)r["metadata"]!["name"] == Rendering.Name);

        Assert.Equal(
            [
                "apps/controllerrevisions: create delete get list patch watch",
                "apps/daemonsets: create delete get list patch watch",
                "batch/jobs: create delete get list patch watch",
                "core/configmaps: create delete get list patch watch",
                "core/events: create list patch",
                "core/pods: create delete get list patch watch",
                "core/serviceaccounts: create delete get list patch watch",
                "localregistry.dev/localregistries/finalizers: update",
                "localregistry.dev/localregistries/status: get patch update",
                "localregistry.dev/localregistries: get list patch watch",
            ],
            Rights(role));
    }

    [Theory]
    [InlineData("")]
    [InlineData("team")]
    public async Task Operator_may_read_nodes_wherever_it_watches(string watched)
    {
        Rendering chart = await Rendering.OfAsync($"watchNamespace={watched}");
        JsonNode role = chart.All("ClusterRole").Single(r => (string?)r["metadata"]!["name"] == $"{Rendering.Name}-nodes");

        Assert.Equal(["core/nodes: get list watch"], Rights(role));
        Assert.Contains(chart.All("ClusterRoleBinding"), b => (string?)b["roleRef"]!["name"] == $"{Rendering.Name}-nodes");
    }

    [Fact]
    public async Task Leader_is_elected_by_one_lease_in_the_operators_own_namespace()
    {
        Rendering chart = await Rendering.OfAsync();
        JsonNode role = chart["Role"];

        Assert.Equal(Rendering.Namespace, (string?)role["metadata"]!["namespace"]);
        // A name cannot be demanded of what is yet to be created.
        Assert.Equal(
            ["coordination.k8s.io/leases: create", "coordination.k8s.io/leases[localregistry-operator]: get patch update"],
            Rights(role));
    }

    [Fact]
    public async Task Bindings_bind_the_roles_that_are_there()
    {
        foreach (Rendering chart in new[] { await Rendering.OfAsync(), await Rendering.OfAsync("watchNamespace=team") })
        {
            foreach (JsonNode binding in chart.All("RoleBinding").Concat(chart.All("ClusterRoleBinding")))
            {
                Assert.Contains(
                    chart.All((string)binding["roleRef"]!["kind"]!),
                    r => (string?)r["metadata"]!["name"] == (string?)binding["roleRef"]!["name"]
                        && (string?)r["metadata"]!["namespace"] == (string?)binding["metadata"]!["namespace"]);
            }
        }
    }

    private static IEnumerable<string> Rights(JsonNode role) => (
        from rule in role["rules"]!.AsArray()
        from apiGroup in Texts(rule, "apiGroups")
        from resource in Texts(rule, "resources")
        let names = rule!["resourceNames"] is null ? "" : $"[{string.Join(' ', Texts(rule, "resourceNames"))}]"
        select $"{(apiGroup.Length == 0 ? "core" : apiGroup)}/{resource}{names}: {string.Join(' ', Texts(rule, "verbs").Order(StringComparer.Ordinal))}")
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Texts(JsonNode? rule, string key) => rule![key]!.AsArray().Select(t => (string)t!);
}
