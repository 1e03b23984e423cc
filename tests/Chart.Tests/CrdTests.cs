using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalRegistry.Chart.Tests;

public class CrdTests
{
    private const string Open = "x-kubernetes-preserve-unknown-fields";

    [Fact]
    public void Every_field_is_described()
    {
        // The API server allows the resource's metadata nothing but limits of the name.
        IEnumerable<string> silent = Crd.Nodes
            .Where(n => n.Path != ".metadata" && ((string?)n.Schema["description"])?.EndsWith('.') != true)
            .Select(n => n.Path);

        Assert.Empty(silent);
    }

    [Fact]
    public void Schema_is_structural()
    {
        Assert.All(Crd.Nodes, n =>
        {
            bool typed = n.Schema["type"] is not null;
            bool either = (bool?)n.Schema["x-kubernetes-int-or-string"] == true;
            Assert.True(typed ^ either, $"{n.Path}: a type, or int-or-string");
            Assert.False(n.Schema["properties"] is not null && n.Schema["additionalProperties"] is not null, n.Path);
            Assert.Equal((string?)n.Schema["type"] == "array", n.Schema["items"] is not null);
            Assert.All(
                n.Schema["required"]?.AsArray() ?? [], r => Assert.True(n.Schema["properties"]![(string)r!] is not null, $"{n.Path}.{r} is required but unknown"));
        });
    }

    [Fact]
    public void Objects_of_the_configuration_keep_unknown_keys_and_no_others_do()
    {
        Assert.All(Crd.Nodes, n =>
        {
            bool inConfiguration = n.Path.StartsWith(".spec.config", StringComparison.Ordinal) && n.Schema["properties"] is not null;
            Assert.True(inConfiguration == ((bool?)n.Schema[Open] == true), n.Path);
        });
    }

    [Fact]
    public void Configuration_has_no_defaults_of_its_own()
    {
        Assert.DoesNotContain(Crd.Nodes, n => n.Path.StartsWith(".spec.config", StringComparison.Ordinal) && n.Schema["default"] is not null);
    }

    [Fact]
    public void Sizes_are_bounded_so_that_the_cost_of_rules_is()
    {
        IEnumerable<string> boundless = Crd.Nodes
            .Where(n => n.Path.StartsWith(".spec", StringComparison.Ordinal) && IsBoundless(n.Schema))
            .Select(n => n.Path);

        Assert.Empty(boundless);
    }

    [Theory]
    [InlineData(".spec.access", "ReadOnly")]
    [InlineData(".spec.validation.mode", "Enforce")]
    [InlineData(".spec.validation.interval", "10m")]
    [InlineData(".spec.node.network", "Host")]
    [InlineData(".spec.node.runtime.restoreTimeout", "5m")]
    [InlineData(".spec.node.cache.verifyInterval", "24h")]
    [InlineData(".spec.mirrors[].existing", "Merge")]
    [InlineData(".spec.credentials.secretRef.key", "credentials")]
    [InlineData(".spec.credentials.webIdentity.audience", "sts.amazonaws.com")]
    public void Defaults_are_filled_in(string path, string value)
    {
        Assert.Equal(value, (string?)Node(path)["default"]);
    }

    [Theory]
    [InlineData(".spec.validation")]
    [InlineData(".spec.node")]
    [InlineData(".spec.node.runtime")]
    public void Sections_with_defaults_are_there_if_left_out(string path)
    {
        Assert.Empty(Node(path)["default"]!.AsObject());
    }

    [Fact]
    public void Ports_have_no_default_since_the_configuration_names_them()
    {
        Assert.Null(Node(".spec.node.port")["default"]);
        Assert.Null(Node(".spec.node.debugPort")["default"]);
    }

    [Fact]
    public void Platform_has_no_default_since_it_is_seen_from_the_nodes() => Assert.Null(Node(".spec.node.runtime.platform")["default"]);

    [Fact]
    public void Cache_is_there_only_if_it_is_asked_for_and_then_outlives_s3()
    {
        Assert.Null(Node(".spec.node.cache")["default"]);
        Assert.True((bool?)Node(".spec.node.cache.serveStale")["default"]);
        Assert.Equal(["size"], Node(".spec.node.cache")["required"]!.AsArray().Select(k => (string)k!));
    }

    [Fact]
    public void Mirrors_fall_back_to_their_host_unless_told_otherwise()
    {
        Assert.True((bool?)Node(".spec.mirrors[].fallback")["default"]);
        Assert.Equal(["host"], Node(".spec.mirrors")["x-kubernetes-list-map-keys"]!.AsArray().Select(k => (string)k!));
    }

    [Fact]
    public void Conditions_are_a_list_map_by_type()
    {
        JsonObject conditions = Node(".status.conditions");

        Assert.Equal("map", (string?)conditions["x-kubernetes-list-type"]);
        Assert.Equal(["type"], conditions["x-kubernetes-list-map-keys"]!.AsArray().Select(k => (string)k!));
        Assert.Equal(
            ["lastTransitionTime", "message", "reason", "status", "type"],
            conditions["items"]!["required"]!.AsArray().Select(k => (string)k!).Order());
        Assert.NotNull(Crd.Version["subresources"]!["status"]);
    }

    [Fact]
    public void Columns_show_fields_that_exist()
    {
        HashSet<string> paths = [.. Crd.Nodes.Select(n => n.Path), ".metadata.creationTimestamp"];
        JsonArray columns = Crd.Version["additionalPrinterColumns"]!.AsArray();

        Assert.All(columns, c => Assert.Contains(Regex.Replace((string)c!["jsonPath"]!, @"\[\?\(.*?\)\]", "[]"), paths));
        Assert.Equal(
            ["Ready", "Bucket", "Encrypted", "Mirrored", "Nodes", "Serving", "Age"],
            columns.Where(c => (int?)c!["priority"] is null or 0).Select(c => (string)c!["name"]!));
    }

    [Fact]
    public void Sample_is_what_the_schema_describes()
    {
        JsonNode sample = Yaml.Document(Repository.Text("localregistry.yaml"));

        Assert.Empty(SchemaCheck.Problems(sample, Crd.Schema));
        Assert.Equal("localregistry.dev/v1alpha1", (string?)sample["apiVersion"]);
        Assert.Equal((string?)Crd.Definition["spec"]!["names"]!["kind"], (string?)sample["kind"]);
    }

    [Fact]
    public void Samples_suggestions_are_what_the_schema_describes()
    {
        // What a user gets by taking the comment signs away, less the commands among them.
        string sample = Regex.Replace(
            Repository.Text("localregistry.yaml"), @"^( +)# (?=(serviceAccount|credentials|mirrors|hostPath):|  )", "$1", RegexOptions.Multiline);
        sample = Regex.Replace(sample, @"^ +kubectl .*\n", "", RegexOptions.Multiline);
        JsonNode resource = Yaml.Document(sample);

        Assert.Empty(SchemaCheck.Problems(resource, Crd.Schema));
        Assert.NotNull(resource["spec"]!["credentials"]!["secretRef"]!["name"]);
        Assert.NotNull(resource["spec"]!["serviceAccount"]!["annotations"]);
        Assert.NotNull(resource["spec"]!["mirrors"]![0]!["host"]);
        Assert.NotNull(resource["spec"]!["node"]!["cache"]!["hostPath"]);
    }

    private static JsonObject Node(string path) => Crd.Nodes.Single(n => n.Path == path).Schema;

    private static bool IsBoundless(JsonObject schema) => (string?)schema["type"] switch
    {
        "string" => schema["maxLength"] is null && schema["enum"] is null,
        "array" => schema["maxItems"] is null,
        "object" => schema["additionalProperties"] is not null && schema["maxProperties"] is null,
        null => schema["maxLength"] is null,
        _ => false,
    };
}
