using System.Text.Encodings.Web;
using System.Text.Json;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Operator.Grants;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>Says which rights are missing, and what to write where.</summary>
internal static class MissingRights
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Describe(IReadOnlyList<MissingRight> missing, IamPrincipal principal)
    {
        IEnumerable<string> rights = missing.GroupBy(m => (m.Right.Resource, m.Cause)).Select(group =>
            $"{string.Join(", ", group.Select(m => m.Right.Action).Distinct())} on {group.Key.Resource} ({group.Key.Cause})");
        IEnumerable<string> repairs = missing.GroupBy(m => m.Reason).Select(group => Repair([.. group], principal));
        return $"{string.Join("; ", rights)}. {missing[0].Right.Action}: {missing[0].Right.Why}. {string.Join(' ', repairs)}";
    }

    private static string Repair(IReadOnlyList<MissingRight> missing, IamPrincipal principal) => missing[0].Reason switch
    {
        Reasons.PermissionMissing => $"Add to its policies: {StatementsOf(missing)}",
        Reasons.DeniedByBoundary => $"Add to {(principal.Boundary is { } boundary ? $"its permissions boundary {boundary}" : "its permissions boundary")}: {StatementsOf(missing)}",
        Reasons.DeniedByOrganization => $"Have the organization's administrators allow: {StatementsOf(missing)}",
        _ => $"Change {string.Join(" and ", missing.SelectMany(m => m.Decision.Policies).Distinct())} so that {principal.Arn} is not denied.",
    };

    private static string StatementsOf(IEnumerable<MissingRight> missing) => string.Join(
        ", ", RightsPolicy.Of(missing.Select(m => m.Right)).Statements.Select(statement => statement.ToJson().ToJsonString(Compact)));
}
