using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalRegistry.Chart.Tests;

/// <summary>What Prometheus gets: whom to scrape, and the alerts.</summary>
public partial class MetricsTests
{
    private const string Alerts = "charts/local-registry/files/alerts.yaml";

    [Fact]
    public async Task Defaults_tell_by_annotations_where_to_scrape()
    {
        Rendering chart = await Rendering.OfAsync();
        JsonNode annotations = chart.Deployment["spec"]!["template"]!["metadata"]!["annotations"]!;

        Assert.Equal(
            ("true", "8080", "/metrics"),
            ((string?)annotations["prometheus.io/scrape"], (string?)annotations["prometheus.io/port"], (string?)annotations["prometheus.io/path"]));
        Assert.DoesNotContain("PodMonitor", chart.Kinds);
        Assert.DoesNotContain("PrometheusRule", chart.Kinds);
    }

    [Fact]
    public async Task Pod_monitor_selects_the_operators_pods_by_their_port_and_keeps_the_metrics_own_labels()
    {
        Rendering chart = await Rendering.OfAsync("metrics.podMonitor.enabled=true", "metrics.podMonitor.interval=15s", "metrics.podMonitor.labels.release=prometheus");
        JsonNode monitor = chart["PodMonitor"];
        JsonNode endpoint = Assert.Single(monitor["spec"]!["podMetricsEndpoints"]!.AsArray())!;

        Assert.True(JsonNode.DeepEquals(chart.Deployment["spec"]!["selector"], monitor["spec"]!["selector"]));
        Assert.Equal((string?)chart.Container["ports"]![0]!["name"], (string?)endpoint["port"]);
        Assert.Equal(("/metrics", "15s", true), ((string?)endpoint["path"], (string?)endpoint["interval"], (bool?)endpoint["honorLabels"]));
        Assert.Equal("prometheus", (string?)monitor["metadata"]!["labels"]!["release"]);
        // Or a Prometheus that does both would scrape twice.
        Assert.DoesNotContain(chart.Deployment["spec"]!["template"]!["metadata"]!["annotations"]!.AsObject(), a => a.Key.StartsWith("prometheus.io/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rule_is_the_rule_file()
    {
        Rendering chart = await Rendering.OfAsync("metrics.prometheusRule.enabled=true", "metrics.prometheusRule.labels.release=prometheus");

        Assert.True(JsonNode.DeepEquals(Yaml.Document(Repository.Text(Alerts)), chart["PrometheusRule"]["spec"]));
        Assert.Equal("prometheus", (string?)chart["PrometheusRule"]["metadata"]!["labels"]!["release"]);
    }

    [Fact]
    public async Task Alerts_come_when_they_should_and_not_while_a_rollout_goes_on()
    {
        ScriptResult result = await Repository.RunProgramAsync("promtool", "test", "rules", Repository.PathOf("tests/Chart.Tests/alerts-test.yaml"));

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [Fact]
    public void Every_alert_is_tested_and_has_a_severity_and_a_place_in_the_documentation()
    {
        string tests = Repository.Text("tests/Chart.Tests/alerts-test.yaml");
        string operations = Repository.Text("docs/operations.md");
        string[] headings = [.. Heading().Matches(Repository.Text("docs/troubleshooting.md")).Select(m => m.Groups[1].Value)];
        JsonNode[] rules = [.. Yaml.Document(Repository.Text(Alerts))["groups"]!.AsArray().SelectMany(g => g!["rules"]!.AsArray()).OfType<JsonNode>()];

        Assert.NotEmpty(rules);
        Assert.All(rules, rule =>
        {
            string name = (string)rule["alert"]!;
            Assert.Contains($"alertname: {name}\n", tests, StringComparison.Ordinal);
            Assert.Contains((string)rule["labels"]!["severity"]!, new[] { "critical", "warning", "info" });
            Assert.Equal($"docs/troubleshooting.md#{name.ToLowerInvariant()}", (string?)rule["annotations"]!["runbook"]);
            Assert.Contains(name, headings);
            Assert.Contains($"| `{name}` |", operations, StringComparison.Ordinal);
        });
    }

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
