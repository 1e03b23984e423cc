using System.Text.Json.Nodes;

namespace LocalRegistry.Operator.Grants;

/// <summary>A role of a template that a Kubernetes ServiceAccount may take on (IRSA).</summary>
internal static class TemplateRole
{
    /// <summary>The parameter with the ARN of the cluster's OIDC provider.</summary>
    public const string ProviderParameter = "OidcProviderArn";

    /// <param name="description">What it is for.</param>
    /// <param name="namespaceParameter">The parameter with the ServiceAccount's namespace.</param>
    /// <param name="serviceAccountParameter">The parameter with the ServiceAccount's name.</param>
    public static JsonObject Build(string description, string namespaceParameter, string serviceAccountParameter) => new()
    {
        ["Type"] = "AWS::IAM::Role",
        ["Properties"] = new JsonObject
        {
            ["Description"] = description,
            ["AssumeRolePolicyDocument"] = Trust(namespaceParameter, serviceAccountParameter),
        },
    };

    // The issuer stands in the names of condition keys. CloudFormation replaces variables in values only, so the document is one text.
    private static JsonObject Trust(string namespaceParameter, string serviceAccountParameter)
    {
        string document = PolicyDocument.Write(new JsonObject
        {
            ["Version"] = PolicyDocument.Version,
            ["Statement"] = new JsonArray(new JsonObject
            {
                ["Effect"] = "Allow",
                ["Principal"] = new JsonObject { ["Federated"] = $"${{{ProviderParameter}}}" },
                ["Action"] = "sts:AssumeRoleWithWebIdentity",
                ["Condition"] = new JsonObject
                {
                    ["StringEquals"] = new JsonObject
                    {
                        ["${Issuer}:sub"] = $"system:serviceaccount:${{{namespaceParameter}}}:${{{serviceAccountParameter}}}",
                        ["${Issuer}:aud"] = "sts.amazonaws.com",
                    },
                },
            }),
        });
        var issuer = new JsonObject
        {
            ["Fn::Select"] = new JsonArray(1, new JsonObject { ["Fn::Split"] = new JsonArray(":oidc-provider/", Intrinsic.Ref(ProviderParameter)) }),
        };
        return Intrinsic.Sub(document, "Issuer", issuer);
    }
}
