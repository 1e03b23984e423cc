using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalRegistry.Chart.Tests;

/// <summary>Holds a value against a CRD's schema, more strictly than an API server: a key that the schema does not name is a problem.</summary>
internal static class SchemaCheck
{
    public static IReadOnlyList<string> Problems(JsonNode? value, JsonObject schema) => [.. Check("", value, schema)];

    private static IEnumerable<string> Check(string path, JsonNode? value, JsonObject schema)
    {
        if (!IsOfType(value, schema))
        {
            return [$"{path}: {value?.ToJsonString() ?? "null"} is not of type {(string?)schema["type"] ?? "int-or-string"}"];
        }

        return value switch
        {
            JsonObject mapping => CheckObject(path, mapping, schema),
            JsonArray list => list.SelectMany((item, i) => Check($"{path}[{i}]", item, schema["items"]!.AsObject())),
            _ => CheckScalar(path, value!, schema),
        };
    }

    private static IEnumerable<string> CheckObject(string path, JsonObject mapping, JsonObject schema)
    {
        foreach (JsonNode? required in schema["required"]?.AsArray() ?? [])
        {
            if (!mapping.ContainsKey((string)required!))
            {
                yield return $"{path}.{required}: is missing";
            }
        }

        foreach ((string key, JsonNode? value) in mapping)
        {
            JsonNode? below = schema["properties"]?[key] ?? schema["additionalProperties"];
            // Of metadata, the schema holds no more than limits of the name.
            if (below is null && path != ".metadata")
            {
                yield return $"{path}.{key}: is not in the schema";
            }
            else if (below is not null)
            {
                foreach (string problem in Check($"{path}.{key}", value, below.AsObject()))
                {
                    yield return problem;
                }
            }
        }
    }

    private static IEnumerable<string> CheckScalar(string path, JsonNode value, JsonObject schema)
    {
        if (schema["enum"] is JsonArray choices && !choices.Any(c => JsonNode.DeepEquals(c, value)))
        {
            yield return $"{path}: {value.ToJsonString()} is not one of {choices.ToJsonString()}";
        }

        if (value.GetValueKind() == JsonValueKind.String)
        {
            string text = (string)value!;
            if (schema["pattern"] is { } pattern && !Regex.IsMatch(text, (string)pattern!))
            {
                yield return $"{path}: {text} does not match {pattern}";
            }

            if (text.Length > ((int?)schema["maxLength"] ?? int.MaxValue) || text.Length < ((int?)schema["minLength"] ?? 0))
            {
                yield return $"{path}: {text} is too long or too short";
            }
        }
        else if (value.GetValueKind() == JsonValueKind.Number)
        {
            double number = value.GetValue<double>();
            if (number < ((double?)schema["minimum"] ?? double.MinValue) || number > ((double?)schema["maximum"] ?? double.MaxValue))
            {
                yield return $"{path}: {value} is out of bounds";
            }
        }
    }

    private static bool IsOfType(JsonNode? value, JsonObject schema) => ((string?)schema["type"], value?.GetValueKind()) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => value!.AsValue().TryGetValue(out long _),
        (null, JsonValueKind.String) => true,
        (null, JsonValueKind.Number) => value!.AsValue().TryGetValue(out long _),
        _ => false,
    };
}
