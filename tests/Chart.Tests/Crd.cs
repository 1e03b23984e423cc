using System.Text.Json.Nodes;

namespace LocalRegistry.Chart.Tests;

/// <summary>The definition of LocalRegistry, and how to walk its schema.</summary>
internal static class Crd
{
    public const string File = "crds/localregistries.localregistry.dev.yaml";

    private const string Rules = "x-kubernetes-validations";

    public static JsonNode Definition { get; } = Yaml.Document(Repository.Text(File));

    public static JsonNode Version { get; } = Assert.Single(Definition["spec"]!["versions"]!.AsArray())!;

    public static JsonObject Schema { get; } = Version["schema"]!["openAPIV3Schema"]!.AsObject();

    /// <summary>Every schema of a value with its path, as <c>.spec.config.http.headers{}[]</c>.</summary>
    public static IEnumerable<(string Path, JsonObject Schema)> Nodes => Below("", Schema);

    public static void RemoveRules(JsonNode node)
    {
        switch (node)
        {
            case JsonObject mapping:
                mapping.Remove(Rules);
                foreach ((_, JsonNode? below) in mapping.ToList())
                {
                    RemoveIn(below);
                }

                break;
            case JsonArray list:
                foreach (JsonNode? below in list)
                {
                    RemoveIn(below);
                }

                break;
        }
    }

    private static void RemoveIn(JsonNode? node)
    {
        if (node is not null)
        {
            RemoveRules(node);
        }
    }

    private static IEnumerable<(string Path, JsonObject Schema)> Below(string path, JsonObject schema)
    {
        yield return (path, schema);
        IEnumerable<(string Path, JsonNode? Schema)> children =
            (schema["properties"]?.AsObject() ?? []).Select(p => ($"{path}.{p.Key}", p.Value))
            .Append(($"{path}{{}}", schema["additionalProperties"]))
            .Append(($"{path}[]", schema["items"]));
        foreach ((string childPath, JsonNode? child) in children)
        {
            if (child is not null)
            {
                foreach ((string Path, JsonObject Schema) node in Below(childPath, child.AsObject()))
                {
                    yield return node;
                }
            }
        }
    }
}
