using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalRegistry.Chart.Tests;

/// <summary>values.yaml, its schema and the table that describes it. The renderer holds every rendering against the schema.</summary>
public class ValuesTests
{
    private const string Chart = "charts/local-registry/";

    // Mappings that users fill freely have no keys to hold against the schema.
    private static readonly string[] Free = ["resources", "nodeSelector", "affinity", "podAnnotations", "podLabels", "serviceAccount.annotations", "metrics.podMonitor.labels", "metrics.prometheusRule.labels"];

    [Theory]
    [InlineData("replica=3", "replica")]
    [InlineData("replicas=two", "replicas")]
    [InlineData("replicas=-1", "replicas")]
    [InlineData("image.pullpolicy=Always", "pullpolicy")]
    [InlineData("image.pullPolicy=Sometimes", "pullPolicy")]
    [InlineData("image.repository=", "repository")]
    [InlineData("image.tag=a/b", "tag")]
    [InlineData("registry.repository=x", "repository")]
    [InlineData("serviceAccount.create=false", "name")]
    [InlineData("serviceAccount.create=no", "create")]
    [InlineData("watchNamespace=Team_A", "watchNamespace")]
    [InlineData("aws.credentialsSecret=mine", "credentialsSecret")]
    [InlineData("aws.credentialsSecret.key=", "key")]
    [InlineData("aws.requestsPerSecond=0", "requestsPerSecond")]
    [InlineData("metrics.podMonitor.interval=often", "interval")]
    [InlineData("metrics.prometheusRule.enable=true", "enable")]
    [InlineData("logging.level=loud", "level")]
    [InlineData("extraEnv[0].value=x", "name")]
    [InlineData("namespace.podSecurity=none", "podSecurity")]
    [InlineData("resources.limit.memory=1Gi", "limit")]
    [InlineData("crds.install=maybe", "install")]
    public async Task Wrong_values_are_refused_by_name(string setting, string named)
    {
        ScriptResult result = await Rendering.RunAsync(setting);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("values don't meet the specifications of the schema", result.Error, StringComparison.Ordinal);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Schema_and_values_have_the_same_keys()
    {
        JsonNode schema = JsonNode.Parse(Repository.Text(Chart + "values.schema.json"))!;
        JsonNode values = Yaml.Document(Repository.Text(Chart + "values.yaml"));

        // Helm passes global to every chart, and this one has no use for it.
        Assert.Equal(Keys(values, "").Order(), SchemaKeys(schema, schema, "").Where(k => k != "global").Order());
    }

    [Fact]
    public void Table_describes_every_value_with_its_default()
    {
        JsonNode values = Yaml.Document(Repository.Text(Chart + "values.yaml"));
        var rows = Regex.Matches(Repository.Text(Chart + "README.md"), @"^\| `(?<key>[A-Za-z.]+)` \| (?<default>.+?) \| .+ \|$", RegexOptions.Multiline)
            .ToDictionary(m => m.Groups["key"].Value, m => m.Groups["default"].Value);

        Assert.Equal(Keys(values, "").Order(), rows.Keys.Order());
        foreach ((string key, string shown) in rows.Where(r => r.Key != "resources"))
        {
            JsonNode? value = key.Split('.').Aggregate((JsonNode?)values, (node, part) => node?[part]);
            string expected = value is JsonValue text && text.TryGetValue(out string? plain) && plain.Length > 0 ? plain : value!.ToJsonString();
            Assert.Equal($"{key}: `{expected}`", $"{key}: {shown}");
        }
    }

    private static IEnumerable<string> Keys(JsonNode values, string path) => values.AsObject().SelectMany(v =>
    {
        string key = path + v.Key;
        return v.Value is JsonObject below && !Free.Contains(key) ? Keys(below, key + ".") : [key];
    });

    private static IEnumerable<string> SchemaKeys(JsonNode root, JsonNode schema, string path) => schema["properties"]!.AsObject().SelectMany(p =>
    {
        string key = path + p.Key;
        JsonNode below = p.Value!;
        if ((string?)below["$ref"] is { } reference)
        {
            below = reference.TrimStart('#', '/').Split('/').Aggregate(root, (node, part) => node[part]!);
        }

        return below["properties"] is not null && !Free.Contains(key) ? SchemaKeys(root, below, key + ".") : [key];
    });
}
