using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LocalRegistry.Operator.Aws.Iam.Client;

namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>Writes the parameters of <c>SimulatePrincipalPolicy</c> and reads its answer.</summary>
internal static partial class SimulationXml
{
    private static readonly XNamespace Iam = IamClient.Namespace;

    /// <summary>The parameters of one call.</summary>
    /// <param name="query">Who would make the requests, and the bucket's policy.</param>
    /// <param name="actions">The actions of requests that are alike in all else.</param>
    /// <param name="alike">One of the requests.</param>
    public static List<KeyValuePair<string, string>> Parameters(SimulationQuery query, IEnumerable<string> actions, SimulatedRequest alike)
    {
        List<KeyValuePair<string, string>> parameters = [new("PolicySourceArn", query.Principal.Arn), new("ResourceArns.member.1", alike.Resource)];
        AddList("ActionNames", actions);
        AddList("PolicyInputList", (query.BucketPolicy ?? []).Select(statement => statement.Document));
        foreach ((int i, (string key, string value)) in alike.Context.OrderBy(entry => entry.Key, StringComparer.Ordinal).Index())
        {
            string entry = Number("ContextEntries", i);
            parameters.Add(new($"{entry}.ContextKeyName", key));
            parameters.Add(new($"{entry}.ContextKeyType", TypeOf(key, value)));
            parameters.Add(new($"{entry}.ContextKeyValues.member.1", value));
        }

        return parameters;

        void AddList(string name, IEnumerable<string> values) =>
            parameters.AddRange(values.Select((value, i) => KeyValuePair.Create(Number(name, i), value)));
    }

    /// <summary>The decisions of one answer.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="alike">One of the requests that the call was made for.</param>
    public static IEnumerable<SimulatedDecision> Decisions(XElement result, SimulationQuery query, SimulatedRequest alike)
    {
        foreach (XElement evaluation in Members(result, "EvaluationResults"))
        {
            // With a resource named, what counts stands beside it; the rest is a summary over all resources.
            XElement specific = Members(evaluation, "ResourceSpecificResults").FirstOrDefault(r => Text(r, "EvalResourceName") == alike.Resource) ?? evaluation;
            string? decision = Text(specific, "EvalResourceDecision") ?? Text(evaluation, "EvalDecision");
            yield return new SimulatedDecision(
                alike with { Action = Text(evaluation, "EvalActionName") ?? "" },
                decision switch
                {
                    "allowed" => SimulatedEffect.Allowed,
                    "explicitDeny" => SimulatedEffect.ExplicitlyDenied,
                    _ => SimulatedEffect.ImplicitlyDenied,
                },
                [.. Members(specific, "MatchedStatements").Select(statement => PolicyOf(statement, query)).Distinct()],
                [.. Members(specific, "MissingContextValues").Select(key => key.Value)],
                Flag(specific, "AllowedByPermissionsBoundary") ?? Flag(evaluation, "AllowedByPermissionsBoundary"),
                Flag(evaluation, "AllowedByOrganizations"));
        }
    }

    /// <summary>Where the next page starts; null if there is none.</summary>
    public static string? Marker(XElement result) => Text(result, "IsTruncated") == "true" ? Text(result, "Marker") : null;

    private static MatchedPolicy PolicyOf(XElement statement, SimulationQuery query)
    {
        string id = Text(statement, "SourcePolicyId") ?? "";
        if (AdditionalPolicy().Match(id) is { Success: true } additional
            && query.BucketPolicy?.ElementAtOrDefault(int.Parse(additional.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - 1) is { } bucketStatement)
        {
            return new MatchedPolicy(MatchedPolicyKind.Bucket, bucketStatement.Label);
        }

        if (Text(statement, "SourcePolicyType")?.Contains("Boundary", StringComparison.OrdinalIgnoreCase) == true)
        {
            return new MatchedPolicy(MatchedPolicyKind.Boundary, id);
        }

        // An inline policy is named after what it is a part of: role_NAME_POLICY.
        string[] owners = [$"role_{query.Principal.Caller.Name}_", $"user_{query.Principal.Caller.Name}_"];
        return owners.FirstOrDefault(owner => id.StartsWith(owner, StringComparison.Ordinal)) is { } prefix
            ? new MatchedPolicy(MatchedPolicyKind.Inline, id[prefix.Length..])
            : new MatchedPolicy(MatchedPolicyKind.Managed, id);
    }

    private static string TypeOf(string key, string value) => (key, value) switch
    {
        ("kms:ResourceAliases", _) => "stringList",
        (_, "true" or "false") => "boolean",
        _ => "string",
    };

    private static string Number(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}.member.{index + 1}");

    private static IEnumerable<XElement> Members(XElement parent, string list) => parent.Element(Iam + list)?.Elements(Iam + "member") ?? [];

    private static string? Text(XElement parent, string name) => parent.Element(Iam + name)?.Value;

    // Each is the only content of an element named after it: PermissionsBoundaryDecisionDetail, OrganizationsDecisionDetail.
    private static bool? Flag(XElement parent, string name) =>
        parent.Elements().Select(detail => detail.Element(Iam + name)).FirstOrDefault(flag => flag is not null) is { } flag ? flag.Value == "true" : null;

    [GeneratedRegex(@"^PolicyInputList\.([0-9]{1,3})$")]
    private static partial Regex AdditionalPolicy();
}
