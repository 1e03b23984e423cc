using System.Text.Json;

namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>A bucket's policy.</summary>
/// <param name="Json">The document as it is.</param>
/// <param name="Statements">Its statements.</param>
internal sealed record BucketPolicy(string Json, IReadOnlyList<PolicyStatement> Statements)
{
    /// <summary>Reads a policy document.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static BucketPolicy Parse(string json)
    {
        try
        {
            return Read(json);
        }
        catch (InvalidOperationException e)
        {
            // The reader says so of text with half a pair of surrogates.
            throw new JsonException("the policy has text that is none", e);
        }
    }

    private static BucketPolicy Read(string json)
    {
        // Of a member that is there twice nobody can tell which one counts.
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        JsonElement statements = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("Statement", out JsonElement found)
            ? found
            : throw new JsonException("the policy has no Statement");
        // One statement may stand without a list around it.
        IEnumerable<JsonElement> each = statements.ValueKind == JsonValueKind.Array ? statements.EnumerateArray() : [statements];
        return new BucketPolicy(json, [.. each.Select(PolicyStatement.Read)]);
    }
}
