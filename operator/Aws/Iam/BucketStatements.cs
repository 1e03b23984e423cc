using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>
/// Makes of a bucket's policy what IAM's simulation takes for a role. A resource policy is simulated for users only; but for an identity of the
/// bucket's own account a statement that names it weighs exactly as much in its own policy: a deny denies, an allow allows. So each such
/// statement goes in without its principal as an additional policy of its own, by whose number the answer tells which one it was.
/// </summary>
internal static class BucketStatements
{
    // What a policy without a version is.
    private const string OldestVersion = "2008-10-17";

    /// <summary>The statements that speak to a principal; null if the text is no policy.</summary>
    public static IReadOnlyList<BucketStatement>? For(string policy, IamPrincipal principal)
    {
        try
        {
            var document = JsonNode.Parse(policy)?.AsObject();
            string version = document?["Version"]?.GetValue<string>() ?? OldestVersion;
            var statements = new List<BucketStatement>();
            foreach ((int i, JsonObject statement) in List(document?["Statement"]).Select(s => s!.AsObject()).Index())
            {
                if (SpeaksTo(statement, principal))
                {
                    string label = statement["Sid"]?.GetValue<string>() is { Length: > 0 } sid ? $"statement \"{sid}\"" : $"statement {i + 1}";
                    statements.Add(new BucketStatement(label, WithoutPrincipal(version, statement)));
                }
            }

            return statements;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string WithoutPrincipal(string version, JsonObject statement)
    {
        // Sids may hold less in IAM than in S3.
        var rest = new JsonObject(statement
            .Where(member => member.Key is not ("Sid" or "Principal" or "NotPrincipal"))
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        return new JsonObject { ["Version"] = version, ["Statement"] = new JsonArray(rest) }.ToJsonString();
    }

    private static bool SpeaksTo(JsonObject statement, IamPrincipal principal)
    {
        bool denies = statement["Effect"]?.GetValue<string>() == "Deny";
        if (statement["Principal"] is { } named)
        {
            // An allow for the account leaves it to the account's own policies, a deny means everybody in it.
            return Names(named).Any(name => IsPrincipal(name, principal) || (denies && IsAccount(name, principal)));
        }

        return denies && statement["NotPrincipal"] is { } spared && !Names(spared).Any(name => IsPrincipal(name, principal));
    }

    private static IEnumerable<string> Names(JsonNode principal) =>
        principal is JsonObject kinds ? List(kinds["AWS"]).Select(name => name!.GetValue<string>()) : [principal.GetValue<string>()];

    private static bool IsPrincipal(string name, IamPrincipal principal) => name == "*" || name == principal.Arn;

    private static bool IsAccount(string name, IamPrincipal principal) =>
        name == principal.Caller.Account || name == $"arn:{principal.Caller.Partition}:iam::{principal.Caller.Account}:root";

    private static IEnumerable<JsonNode?> List(JsonNode? node) => node is JsonArray array ? array : node is null ? Enumerable.Empty<JsonNode?>() : Enumerable.Repeat(node, 1);
}
