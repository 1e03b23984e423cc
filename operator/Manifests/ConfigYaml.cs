using System.Text.Json;
using YamlDotNet.Serialization;

namespace LocalRegistry.Operator.Manifests;

/// <summary>Writes a JSON object as YAML.</summary>
internal static class ConfigYaml
{
    private static readonly ISerializer Serializer = new SerializerBuilder().WithQuotingNecessaryStrings().WithIndentedSequences().Build();

    /// <summary>The object as YAML with its keys sorted, so that equal content always gives equal text.</summary>
    public static string Write(JsonElement config) => Serializer.Serialize(Graph(config) ?? "");

    private static object? Graph(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).ToDictionary(p => p.Name, p => Graph(p.Value)),
        JsonValueKind.Array => value.EnumerateArray().Select(Graph).ToList(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt64(out long whole) ? whole : value.TryGetDecimal(out decimal exact) ? exact : value.GetDouble(),
        _ => null,
    };
}
