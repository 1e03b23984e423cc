using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using LocalRegistry.Operator.Aws.Calls;
using LocalRegistry.Operator.Telemetry;
using Xunit;

namespace LocalRegistry.Operator.Tests.Telemetry;

/// <summary>An alert over a name or a label that nobody exports never fires, and nobody sees that.</summary>
[Collection(nameof(ProcessWide))]
public sealed partial class AlertRuleTests
{
    [Fact]
    public async Task Every_selector_of_the_alerts_and_every_label_that_they_aggregate_by_is_exported()
    {
        string rules = Text("charts/local-registry/files/alerts.yaml");
        Scrape scrape = await ScrapeAsync();

        MatchCollection selectors = Selector().Matches(rules);
        Assert.True(selectors.Count > 20, "the alerts have fewer selectors than there should be");
        Assert.All(selectors, selector =>
        {
            var wanted = Matcher().Matches(selector.Groups["matchers"].Value).Select(m => (Label: m.Groups[1].Value, Value: m.Groups[2].Value)).ToArray();
            Assert.True(
                scrape.Named(selector.Groups["name"].Value).Any(s => wanted.All(w => s.Labels.GetValueOrDefault(w.Label) == w.Value)),
                $"nothing that is exported matches {selector.Value}");
        });
        Assert.All(Aggregation().Matches(rules), aggregation =>
        {
            string name = aggregation.Groups["name"].Value;
            // Of the replicas themselves, the namespace is what Prometheus knows of the pod.
            string[] labels = [.. aggregation.Groups["labels"].Value.Split(", ").Where(l => name != OperatorMetrics.Leader || l != "namespace")];
            Assert.All(scrape.Named(name), s => Assert.Subset(s.Labels.Keys.ToHashSet(), labels.ToHashSet()));
        });
    }

    [Fact]
    public async Task Documentation_lists_every_metric_with_its_type_and_its_labels()
    {
        string page = Text("docs/operations.md");
        string table = page[page.IndexOf("## Metrics of the operator", StringComparison.Ordinal)..];
        Scrape scrape = await ScrapeAsync();

        Assert.Equal(
            scrape.Types.Keys.Order(),
            Row().Matches(table).Select(m => m.Groups["name"].Value).Order());
        Assert.All(Row().Matches(table), row =>
        {
            string name = row.Groups["name"].Value;
            Assert.Equal(scrape.Types[name], row.Groups["type"].Value);
            string series = scrape.Types[name] == "histogram" ? $"{name}_count" : name;
            Assert.Equal(
                scrape.Named(series).SelectMany(s => s.Labels.Keys).Distinct().Order(),
                Name().Matches(row.Groups["labels"].Value).Select(m => m.Groups[1].Value).Order());
        });
    }

    private static async Task<Scrape> ScrapeAsync()
    {
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null, SampleRestoration.Answer, SampleResources.Complete("mirrored"));
        await running.AskAwsAsync(new AwsOperation("S3", "GetBucketEncryption"));
        return await running.ScrapeAsync(
            s => s.Value(OperatorMetrics.Leader) == 1 && s.Named(OperatorMetrics.AwsRequests).Any()
                && s.Named(OperatorMetrics.Reconciliations).Any() && s.Named($"{OperatorMetrics.ReconciliationDuration}_count").Any(c => c.Value > 0));
    }

    private static string Text(string file, [CallerFilePath] string caller = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(caller)!, "../../..", file));

    [GeneratedRegex("""\b(?<name>localregistry_[a-z_]+)(\{(?<matchers>[^}]*)\})?""")]
    private static partial Regex Selector();

    [GeneratedRegex("""([a-z]+)="([^"]*)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Matcher();

    [GeneratedRegex("""\bby \((?<labels>[a-z, ]+)\) \([a-z(]*(?<name>localregistry_[a-z_]+)""")]
    private static partial Regex Aggregation();

    [GeneratedRegex("""^\| `(?<name>localregistry_[a-z_]+)` \| (?<type>[a-z]+) \| (?<labels>.*?) \|""", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([a-z]+)`")]
    private static partial Regex Name();
}
