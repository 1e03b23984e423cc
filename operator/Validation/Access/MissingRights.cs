using System.Text.Encodings.Web;
using System.Text.Json;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>Says which rights are missing, and what to write where.</summary>
internal static class MissingRights
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Describe(IReadOnlyList<MissingRight> missing, IamPrincipal principal, S3Driver driver)
    {
        IEnumerable<string> rights = missing.GroupBy(m => m.Cause).Select(alike => string.Join(
            " and ", alike.GroupBy(m => m.Right.Resource).Select(on => $"{string.Join(", ", on.Select(m => m.Right.Action).Distinct())} on {on.Key}")) + $" ({alike.Key})");
        IEnumerable<string> repairs = missing.GroupBy(m => m.Reason).Select(alike => Repair([.. alike], principal, driver));
        return $"{string.Join("; ", rights)}. {missing[0].Right.Action}: {missing[0].Right.Why}. {string.Join(' ', repairs)}";
    }

    private static string Repair(IReadOnlyList<MissingRight> missing, IamPrincipal principal, S3Driver driver)
    {
        switch (missing[0].Reason)
        {
            case Reasons.PermissionMissing:
                return $"Add to its policies: {StatementsOf(missing)}";
            case Reasons.DeniedByBoundary:
                return $"Add to its permissions boundary{(principal.Boundary is { } boundary ? $" {boundary}" : "")}: {StatementsOf(missing)}";
            case Reasons.DeniedByOrganization:
                return $"Have the organization's administrators allow: {StatementsOf(missing)}";
        }

        string change = $"hange {string.Join(" and ", missing.SelectMany(m => m.Decision.Policies).Distinct())} so that {principal.Arn} is not denied.";
        // Often it is not the statement that is wrong.
        return !driver.Secure ? $"Set spec.config.storage.s3.secure to true, if it is plain text that is denied; or c{change}"
            : !driver.Encrypt && missing.Any(m => m.AbsentContext.Contains(RightContext.Encryption, StringComparer.OrdinalIgnoreCase))
                ? $"Set spec.config.storage.s3.encrypt to true; or c{change}"
            : missing.Any(m => m.UnknownContext.Any()) ? $"If the registry's own requests are let through all the same, the preflight shows it and nothing is to be changed; else c{change}"
            : $"C{change}";
    }

    private static string StatementsOf(IEnumerable<MissingRight> missing) => string.Join(
        ", ", RightsPolicy.Of(missing.Select(m => m.Right)).Statements.Select(statement => statement.ToJson().ToJsonString(Compact)));
}
