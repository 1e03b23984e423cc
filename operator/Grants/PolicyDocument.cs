using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalRegistry.Operator.Grants;

/// <summary>An IAM or bucket policy.</summary>
/// <param name="Statements">Its statements, in the order in which they are written.</param>
internal sealed record PolicyDocument(IReadOnlyList<PolicyStatement> Statements)
{
    public const string Version = "2012-10-17";

    // The text goes into no web page, and escaped quotes and plus signs would only be hard to read.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public JsonObject ToJson() => new()
    {
        ["Version"] = Version,
        ["Statement"] = new JsonArray([.. Statements.Select(s => s.ToJson())]),
    };

    /// <summary>The policy as a file.</summary>
    public override string ToString() => Write(ToJson());

    /// <summary>Any JSON as a file: indented, its keys in the order in which they were added.</summary>
    public static string Write(JsonNode json) => json.ToJsonString(Indented) + "\n";
}
