using System.Text.Json.Nodes;

namespace LocalRegistry.Operator.Grants;

/// <summary>One template that makes everything in AWS: bucket, settings, policies, roles and, if the configuration names an alias, the key behind it.</summary>
internal static class CloudFormationTemplate
{
    private const string RegistryNamespace = "RegistryNamespace";
    private const string RegistryServiceAccount = "RegistryServiceAccount";
    private const string OperatorNamespace = "OperatorNamespace";
    private const string OperatorServiceAccount = "OperatorServiceAccount";

    public static string Build(GrantScope scope)
    {
        TemplateKey? key = TemplateKey.Of(scope);
        string bucket = scope.Driver.Bucket;
        string header = $"""
            # Makes the bucket {bucket} for a registry, the policies of all who use it, and the roles of registry and operator on EKS.
            # List the cluster's provider with: aws iam list-open-id-connect-providers
            #
            #   aws cloudformation deploy --region {scope.Driver.Region} --stack-name {StackName(bucket)} --template-file cloudformation.yaml \
            #     --capabilities CAPABILITY_IAM --parameter-overrides {TemplateRole.ProviderParameter}=ARN
            #
            # The bucket{(key?.NewAlias is null ? "" : " and the key")} stay when the stack is deleted.

            """;
        return header + TemplateYaml.Write(new JsonObject
        {
            ["AWSTemplateFormatVersion"] = "2010-09-09",
            ["Description"] = $"Bucket, policies and roles of the image registry in {bucket}",
            ["Parameters"] = Parameters(scope, key),
            ["Conditions"] = Conditions(key),
            ["Resources"] = Resources(scope, key),
            ["Outputs"] = Outputs(key),
        });
    }

    // A stack's name has no dots and begins with a letter.
    private static string StackName(string bucket) => $"{(char.IsAsciiLetter(bucket[0]) ? "" : "bucket-")}{bucket.Replace('.', '-')}";

    private static JsonObject Parameters(GrantScope scope, TemplateKey? key)
    {
        var parameters = new JsonObject
        {
            [TemplateRole.ProviderParameter] = new JsonObject
            {
                ["Type"] = "String",
                ["Description"] = "The ARN of the cluster's OIDC provider in IAM",
                ["AllowedPattern"] = "arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/.+",
                ["ConstraintDescription"] = "arn:aws:iam::ACCOUNT:oidc-provider/ISSUER",
            },
            [TemplateBucket.NameParameter] = Text("The bucket, as storage.s3.bucket names it", scope.Driver.Bucket),
            [TemplateBucket.VersioningParameter] = new JsonObject
            {
                ["Type"] = "String",
                ["Description"] = "Whether the bucket keeps deleted and overwritten objects for 30 days",
                ["Default"] = "Suspended",
                ["AllowedValues"] = new JsonArray("Suspended", "Enabled"),
            },
            [RegistryNamespace] = Text("The namespace of the LocalRegistry", scope.Namespace),
            [RegistryServiceAccount] = Text("The registry's ServiceAccount", scope.ServiceAccount),
            [OperatorNamespace] = Text("The operator's namespace", "local-registry"),
            [OperatorServiceAccount] = Text("The operator's ServiceAccount", "local-registry-operator"),
        };
        if (key?.NewAlias is { } alias)
        {
            parameters[TemplateKey.Parameter] = Text($"The ARN of the key behind {alias}; empty, and the stack makes both", "");
        }

        return parameters;
    }

    private static JsonObject Conditions(TemplateKey? key)
    {
        var conditions = new JsonObject
        {
            [TemplateBucket.IsVersioned] = new JsonObject { ["Fn::Equals"] = new JsonArray(Intrinsic.Ref(TemplateBucket.VersioningParameter), "Enabled") },
        };
        if (key?.NewAlias is not null)
        {
            conditions[TemplateKey.Made] = Intrinsic.IsEmpty(TemplateKey.Parameter);
        }

        return conditions;
    }

    private static JsonObject Resources(GrantScope scope, TemplateKey? key)
    {
        var resources = new JsonObject();
        key?.AddTo(resources);
        resources[TemplateBucket.Bucket] = TemplateBucket.Build(scope.Driver, key);
        resources[TemplatePolicies.RegistryRole] = TemplateRole.Build("The registry on the nodes", RegistryNamespace, RegistryServiceAccount);
        resources[TemplatePolicies.OperatorRole] = TemplateRole.Build("The registry's operator", OperatorNamespace, OperatorServiceAccount);
        new TemplatePolicies(scope.Driver, scope.Access, key).AddTo(resources);
        return resources;
    }

    private static JsonObject Outputs(TemplateKey? key)
    {
        var outputs = new JsonObject
        {
            ["RegistryRoleArn"] = Output("For spec.serviceAccount.annotations: eks.amazonaws.com/role-arn", Intrinsic.GetAtt(TemplatePolicies.RegistryRole, "Arn")),
            ["OperatorRoleArn"] = Output("For the annotation eks.amazonaws.com/role-arn of the operator's ServiceAccount", Intrinsic.GetAtt(TemplatePolicies.OperatorRole, "Arn")),
            ["PublisherPolicyArn"] = Output("For whoever pushes", Intrinsic.Ref(TemplatePolicies.Publisher)),
        };
        if (key is not null)
        {
            outputs["KmsKeyArn"] = Output("The key that images are encrypted with", key.Arn());
        }

        return outputs;
    }

    private static JsonObject Text(string description, string value) => new() { ["Type"] = "String", ["Description"] = description, ["Default"] = value };

    private static JsonObject Output(string description, JsonNode value) => new() { ["Description"] = description, ["Value"] = value };
}
