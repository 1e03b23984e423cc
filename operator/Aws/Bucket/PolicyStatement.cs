using System.Text.Json;

namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>One statement of a policy, as far as checks look at it.</summary>
internal sealed record PolicyStatement
{
    /// <summary>Its name, if it has one.</summary>
    public string? Sid { get; init; }

    /// <summary>Whether it denies.</summary>
    public required bool Denies { get; init; }

    /// <summary>Whether it is about everybody.</summary>
    public required bool ForEverybody { get; init; }

    /// <summary>The actions that it is about, with wildcards; empty if it names those that it is not about.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>The resources that it is about, with wildcards; empty if it names those that it is not about.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>Its conditions, all of which must hold.</summary>
    public required IReadOnlyList<PolicyCondition> Conditions { get; init; }

    /// <summary>Whether it is about this action on this resource.</summary>
    public bool IsAbout(string action, string resource) =>
        Actions.Any(a => PolicyPattern.Matches(a, action, ignoreCase: true)) && Resources.Any(r => PolicyPattern.Matches(r, resource));

    /// <summary>Reads a statement.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static PolicyStatement Read(JsonElement statement)
    {
        if (statement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("a Statement is no object");
        }

        return new PolicyStatement
        {
            Sid = Texts(statement, "Sid") is [var sid, ..] ? sid : null,
            Denies = Texts(statement, "Effect").Contains("Deny"),
            ForEverybody = IsEverybody(statement),
            Actions = Texts(statement, "Action"),
            Resources = Texts(statement, "Resource"),
            Conditions = ConditionsOf(statement),
        };
    }

    private static bool IsEverybody(JsonElement statement) => statement.TryGetProperty("Principal", out JsonElement principal)
        && (principal.ValueKind == JsonValueKind.String
            ? principal.GetString() == "*"
            : principal.ValueKind == JsonValueKind.Object && principal.TryGetProperty("AWS", out JsonElement aws) && Strings(aws).Contains("*"));

    private static List<PolicyCondition> ConditionsOf(JsonElement statement)
    {
        var conditions = new List<PolicyCondition>();
        if (statement.TryGetProperty("Condition", out JsonElement condition))
        {
            // To read past one would make the statement say more than it does.
            foreach (JsonProperty @operator in Members(condition, "a Condition"))
            {
                conditions.AddRange(Members(@operator.Value, $"{@operator.Name} of a Condition").Select(key => new PolicyCondition(@operator.Name, key.Name, Strings(key.Value))));
            }
        }

        return conditions;
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement value, string what) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw new JsonException($"{what} is no object");

    private static IReadOnlyList<string> Texts(JsonElement statement, string name) =>
        statement.TryGetProperty(name, out JsonElement value) ? Strings(value) : [];

    // Where a list has one entry, policies may leave the list away; values may be numbers and booleans.
    private static IReadOnlyList<string> Strings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().Select(v => v.ToString())],
        JsonValueKind.True => ["true"],
        JsonValueKind.False => ["false"],
        _ => [value.ToString()],
    };
}
