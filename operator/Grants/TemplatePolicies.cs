using System.Text.Json;
using System.Text.Json.Nodes;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Grants;

/// <summary>The policies of a template: the same as outside it, with the stack's own bucket, key and role in the place of their ARNs.</summary>
internal sealed class TemplatePolicies(S3Driver driver, AccessMode access, TemplateKey? key)
{
    public const string Publisher = "PublisherPolicy";
    public const string RegistryRole = "RegistryRole";
    public const string OperatorRole = "OperatorRole";

    private const string Consumer = "ConsumerPolicy";
    private const string Operator = "OperatorPolicy";

    // Stand for ARNs that are known only once the stack is made.
    private const string KeyToken = "arn:aws:kms:region:account:key/of-this-stack";
    private const string RoleToken = "arn:aws:iam::account:role/of-this-stack";

    private string? KeyArn => key is null ? null : KeyToken;

    public void AddTo(JsonObject resources)
    {
        if (BucketPolicy.Build(driver, KeyArn) is { } policy)
        {
            resources["BucketPolicy"] = new JsonObject
            {
                ["Type"] = "AWS::S3::BucketPolicy",
                ["Properties"] = new JsonObject { ["Bucket"] = Intrinsic.Ref(TemplateBucket.Bucket), ["PolicyDocument"] = Bind(policy.ToJson()) },
            };
        }

        // One of the two is the registry's own; the other is there for those who pull or push in another way.
        resources[Consumer] = Managed(
            "Pulls images", RegistryRights.For(AccessMode.ReadOnly, driver, KeyArn), access == AccessMode.ReadOnly ? RegistryRole : null);
        resources[Publisher] = Managed(
            "Pulls and pushes images", RegistryRights.For(AccessMode.ReadWrite, driver, KeyArn), access == AccessMode.ReadWrite ? RegistryRole : null);
        resources[Operator] = Managed("Looks at the settings of the images' bucket", OperatorRights.For(driver, KeyArn, RoleToken), OperatorRole);
    }

    private JsonObject Managed(string description, IReadOnlyList<Right> rights, string? role)
    {
        var properties = new JsonObject { ["Description"] = description, ["PolicyDocument"] = Bind(RightsPolicy.Of(rights).ToJson()) };
        if (role is not null)
        {
            properties["Roles"] = new JsonArray(Intrinsic.Ref(role));
        }

        return new JsonObject { ["Type"] = "AWS::IAM::ManagedPolicy", ["Properties"] = properties };
    }

    private JsonNode Bind(JsonNode node) => node switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Bind(p.Value!)))),
        JsonArray a => new JsonArray([.. a.Select(each => Bind(each!))]),
        JsonValue v when v.GetValueKind() == JsonValueKind.String => Bind(v.GetValue<string>()),
        _ => node.DeepClone(),
    };

    private JsonNode Bind(string text)
    {
        string bucket = BucketArn.Of(driver);
        return text switch
        {
            KeyToken => key!.Arn(),
            RoleToken => Intrinsic.GetAtt(RegistryRole, "Arn"),
            _ when text == bucket => Intrinsic.GetAtt(TemplateBucket.Bucket, "Arn"),
            _ when text.StartsWith($"{bucket}/", StringComparison.Ordinal) => Intrinsic.Sub($"${{{TemplateBucket.Bucket}.Arn}}{Intrinsic.Literal(text[bucket.Length..])}"),
            _ => text,
        };
    }
}
