using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalRegistry.Registry.Configuration.Reference;

namespace LocalRegistry.Chart.Tests;

/// <summary>Holds <c>spec.config</c> of the definition against the keys that the registry reads, so that <c>kubectl explain</c> knows them all.</summary>
public class ConfigurationSchemaTests
{
    private const string Config = ".spec.config.";

    private static readonly Dictionary<string, JsonObject> Schemas = Crd.Nodes
        .Where(n => n.Path.StartsWith(Config, StringComparison.Ordinal) && n.Path[^1] is not (']' or '}'))
        .ToDictionary(n => n.Path[Config.Length..], n => n.Schema);

    private static readonly IReadOnlyList<ConfigurationKey> Usable = [.. ConfigurationReference.KeysOfResource];

    public static TheoryData<string> Paths => [.. Usable.Select(k => k.Path)];

    [Fact]
    public void Every_key_that_a_node_can_use_is_in_the_schema()
    {
        IEnumerable<string> missing = Usable.Select(k => k.Path).Except(Schemas.Keys);

        Assert.True(!missing.Any(), $"{Crd.File} lacks below spec.config: {string.Join(", ", missing)}");
    }

    [Fact]
    public void Every_other_key_of_the_schema_is_one_that_it_says_is_refused()
    {
        Assert.All(Schemas.Keys.Except(Usable.Select(k => k.Path)), path =>
        {
            ConfigurationKey? key = ConfigurationReference.Keys.SingleOrDefault(k => k.Path == path && k.Kind != KeyKind.Refused);
            Assert.True(key is not null, $"{path} is not a key that the registry reads");
            Assert.StartsWith("Refused. ", (string?)Schemas[path]["description"], StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Schema_takes_what_the_registry_reads(string path)
    {
        ConfigurationKey key = Usable.Single(k => k.Path == path);
        JsonObject schema = Schemas[path];

        switch (key.Kind)
        {
            case KeyKind.Section:
                Assert.Equal("object", (string?)schema["type"]);
                Assert.NotNull(schema["properties"]);
                break;
            case KeyKind.Sections:
                Assert.Equal("array", (string?)schema["type"]);
                Assert.NotNull(schema["items"]!["properties"]);
                break;
            case KeyKind.Text:
                // The version is written as a number, and numbers among texts need no quotes.
                Assert.True((string?)schema["type"] is "string" || path == "version", path);
                break;
            case KeyKind.Flag:
                Assert.Equal("boolean", (string?)schema["type"]);
                break;
            case KeyKind.Number:
                Assert.True((string?)schema["type"] == "integer" || (bool?)schema["x-kubernetes-int-or-string"] == true, path);
                Assert.Equal((key.Minimum, key.Maximum ?? MaximumOf(schema)), ((long?)schema["minimum"], (long?)schema["maximum"]));
                break;
            case KeyKind.Duration:
                Assert.True((bool?)schema["x-kubernetes-int-or-string"], path);
                Assert.Contains("µs", (string?)schema["pattern"], StringComparison.Ordinal);
                break;
            case KeyKind.Choice:
                Assert.Equal(key.Words, schema["enum"]!.AsArray().Select(w => (string)w!));
                break;
            case KeyKind.TextList:
                Assert.Equal("string", (string?)schema["items"]!["type"]);
                break;
            case KeyKind.Texts:
                Assert.NotNull(schema["additionalProperties"]);
                break;
            case KeyKind.TextLists:
                Assert.Equal("string", (string?)schema["additionalProperties"]!["items"]!["type"]);
                break;
            default:
                Assert.Fail($"{path}: nothing is known of a schema for {key.Kind}");
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Description_says_the_default(string path)
    {
        ConfigurationKey key = Usable.Single(k => k.Path == path);
        KeyText? text = ConfigurationReference.Texts.SingleOrDefault(t => t.Path == path);
        string? literal = text?.DefaultInWords is null ? text?.Default ?? key.Default : null;
        string description = (string)Schemas[path]["description"]!;

        if (key.IsValue && !key.Required)
        {
            Assert.Matches($"Default: {(literal is null ? "" : $"{Regex.Escape(literal)}(?![A-Za-z0-9])")}", description);
        }

        string? parent = path.Contains('.', StringComparison.Ordinal) ? path[..path.LastIndexOf('.')] : null;
        JsonNode required = (parent is null ? Crd.Nodes.Single(n => n.Path == ".spec.config").Schema
            : parent.EndsWith(']') ? Schemas[parent[..^2]]["items"]! : Schemas[parent])["required"] ?? new JsonArray();
        bool isRequired = required.AsArray().Any(r => (string?)r == path[(path.LastIndexOf('.') + 1)..]);
        // Without storage.s3 there is nothing that a node could serve.
        Assert.Equal(key.Required || path is "storage" or "storage.s3", isRequired);
    }

    // What the type holds, if the registry sets no bound of its own.
    private static long? MaximumOf(JsonObject schema) => (string?)schema["format"] == "int64" ? null : int.MaxValue;
}
