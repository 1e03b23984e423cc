using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Grants;

/// <summary>The documents that give each identity what it needs, and nothing else.</summary>
internal static class GrantDocuments
{
    public const string Bucket = "bucket";
    public const string Consumer = "consumer";
    public const string Publisher = "publisher";
    public const string Operator = "operator";

    /// <summary>The CloudFormation template's file.</summary>
    public const string TemplateFile = "cloudformation.yaml";

    /// <summary>The policies' short names, in order.</summary>
    public static IReadOnlyList<string> Policies { get; } = [Bucket, Consumer, Publisher, Operator];

    public static string FileOf(string policy) => $"{policy}-policy.json";

    /// <summary>A policy by its short name; null if there is nothing to say in it.</summary>
    public static PolicyDocument? Policy(string policy, GrantScope scope) => policy switch
    {
        Bucket => BucketPolicy.Build(scope.Driver, scope.KeyArn),
        Consumer => RightsPolicy.Of(RegistryRights.For(AccessMode.ReadOnly, scope.Driver, scope.KeyArn)),
        Publisher => RightsPolicy.Of(RegistryRights.For(AccessMode.ReadWrite, scope.Driver, scope.KeyArn)),
        Operator => RightsPolicy.Of(OperatorRights.For(scope.Driver, scope.KeyArn, scope.Principal)),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "no such policy"),
    };

    /// <summary>Every document by the name of its file. Outside AWS nothing understands the template, and it is left out.</summary>
    public static Dictionary<string, string> Files(GrantScope scope)
    {
        var files = new Dictionary<string, string>();
        foreach (string policy in Policies)
        {
            if (Policy(policy, scope) is { } document)
            {
                files[FileOf(policy)] = document.ToString();
            }
        }

        if (scope.IsAws)
        {
            files[TemplateFile] = CloudFormationTemplate.Build(scope);
        }

        return files;
    }
}
