using System.Text.Json.Nodes;

namespace LocalRegistry.Operator.Grants;

/// <summary>A statement of a policy.</summary>
internal sealed record PolicyStatement
{
    /// <summary>Its name; letters and digits, once in each policy.</summary>
    public required string Sid { get; init; }

    /// <summary>Whether it takes a right from everyone, as bucket policies do; otherwise it gives one to whom the policy is attached.</summary>
    public bool DeniesEveryone { get; init; }

    /// <summary>The actions.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    /// <summary>The ARNs, with wildcards.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>When it applies: all must hold.</summary>
    public IReadOnlyList<PolicyCondition> Conditions { get; init; } = [];

    public JsonObject ToJson()
    {
        var json = new JsonObject { [nameof(Sid)] = Sid, ["Effect"] = DeniesEveryone ? "Deny" : "Allow" };
        if (DeniesEveryone)
        {
            json["Principal"] = "*";
        }

        json["Action"] = OneOrMany(Actions);
        json["Resource"] = OneOrMany(Resources);
        if (Conditions.Count > 0)
        {
            var conditions = new JsonObject();
            foreach (IGrouping<string, PolicyCondition> group in Conditions.GroupBy(c => c.Operator))
            {
                conditions[group.Key] = new JsonObject(group.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)OneOrMany(c.Values))));
            }

            json["Condition"] = conditions;
        }

        return json;
    }

    private static JsonNode OneOrMany(IReadOnlyList<string> values) =>
        values.Count == 1 ? JsonValue.Create(values[0]) : new JsonArray([.. values.Select(v => JsonValue.Create(v))]);
}
