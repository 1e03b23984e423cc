using System.Text.Json.Nodes;
using LocalRegistry.Operator.Validation;

namespace LocalRegistry.Operator.Grants;

/// <summary>The KMS key of a template's bucket.</summary>
internal sealed class TemplateKey
{
    /// <summary>The parameter of a key that is known by its alias alone.</summary>
    public const string Parameter = "KmsKeyArn";

    /// <summary>The condition that there is no such key yet, and the stack makes it.</summary>
    public const string Made = "MakesKey";

    public const string Key = "Key";
    public const string Alias = "KeyAlias";

    private readonly Func<JsonNode> _arn;

    private TemplateKey(Func<JsonNode> arn, string? alias)
    {
        _arn = arn;
        NewAlias = alias;
    }

    /// <summary>The alias that leads to the key (<c>alias/...</c>), which the stack makes together with it unless the parameter names one; null for a key that is there.</summary>
    public string? NewAlias { get; }

    /// <summary>The key of a configuration; null if it names none of the account's own.</summary>
    public static TemplateKey? Of(GrantScope scope)
    {
        if (scope.KeyArn is { } arn)
        {
            return new TemplateKey(() => arn, null);
        }

        if (scope.Driver.KeyId is not { } keyId)
        {
            return null;
        }

        var name = KmsKeyName.Parse(keyId);
        return name switch
        {
            { Resource: KmsKeyName.ManagedByAws } => null,
            { IsAlias: true } => new TemplateKey(() => Intrinsic.If(Made, Intrinsic.GetAtt(Key, "Arn"), Intrinsic.Ref(Parameter)), name.Resource),
            { Region: not null } => new TemplateKey(() => keyId, null),
            _ => new TemplateKey(() => Intrinsic.Sub($"arn:${{AWS::Partition}}:kms:${{AWS::Region}}:${{AWS::AccountId}}:{name.Resource}"), null),
        };
    }

    /// <summary>The key's ARN.</summary>
    public JsonNode Arn() => _arn();

    public void AddTo(JsonObject resources)
    {
        if (NewAlias is null)
        {
            return;
        }

        // The account's own policies decide about the key, as those of the registry's role do.
        var keyPolicy = new JsonObject
        {
            ["Version"] = PolicyDocument.Version,
            ["Statement"] = new JsonArray(new JsonObject
            {
                ["Sid"] = "Account",
                ["Effect"] = "Allow",
                ["Principal"] = new JsonObject { ["AWS"] = Intrinsic.Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") },
                ["Action"] = "kms:*",
                ["Resource"] = "*",
            }),
        };
        resources[Key] = new JsonObject
        {
            ["Type"] = "AWS::KMS::Key",
            ["Condition"] = Made,
            ["DeletionPolicy"] = "Retain",
            ["UpdateReplacePolicy"] = "Retain",
            ["Properties"] = new JsonObject
            {
                ["Description"] = Intrinsic.Sub("Encrypts the images in ${BucketName}"),
                ["EnableKeyRotation"] = true,
                ["KeyPolicy"] = keyPolicy,
            },
        };
        resources[Alias] = new JsonObject
        {
            ["Type"] = "AWS::KMS::Alias",
            ["Condition"] = Made,
            ["Properties"] = new JsonObject { ["AliasName"] = NewAlias, ["TargetKeyId"] = Intrinsic.Ref(Key) },
        };
    }
}
