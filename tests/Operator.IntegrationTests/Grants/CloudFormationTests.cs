using System.Text.Json.Nodes;
using System.Xml.Linq;
using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Grants;

/// <summary>The generated template made into a stack, and what came of it: read back, and asked what it allows.</summary>
public sealed class CloudFormationTests(AwsFixture aws)
{
    private const string Issuer = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
    private const string Provider = $"arn:aws:iam::{MotoServer.Account}:oidc-provider/{Issuer}";

    private static readonly XNamespace Iam = "https://iam.amazonaws.com/doc/2010-05-08/";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stack_of_a_registry_that_pulls_has_a_bucket_and_roles_with_the_policies_as_they_are_printed()
    {
        GrantScope scope = Scope("encrypt: true, rootdirectory: /myroot");

        IReadOnlyDictionary<string, string> outputs = await CreateAsync(scope);

        scope = scope with { Principal = outputs["RegistryRoleArn"] };
        Assert.Equal(("AES256", null), await EncryptionAsync(scope.Driver.Bucket));
        await AssertPolicyAsync(outputs["RegistryRoleArn"], GrantDocuments.Policy(GrantDocuments.Consumer, scope));
        await AssertPolicyAsync(outputs["OperatorRoleArn"], GrantDocuments.Policy(GrantDocuments.Operator, scope));
        Assert.Equal(GrantDocuments.Policy(GrantDocuments.Publisher, scope)!.ToString(), await DocumentAsync(outputs["PublisherPolicyArn"]));
        await AssertTrustAsync(outputs["RegistryRoleArn"], "system:serviceaccount:images:registry");
        await AssertTrustAsync(outputs["OperatorRoleArn"], "system:serviceaccount:local-registry:local-registry-operator");
    }

    [Fact]
    public async Task Stack_of_an_alias_makes_the_key_and_gives_the_rights_to_it_alone()
    {
        string alias = $"alias/images-{Guid.NewGuid():N}";
        GrantScope scope = Scope($"encrypt: true, keyid: {alias}") with { Access = AccessMode.ReadWrite };

        IReadOnlyDictionary<string, string> outputs = await CreateAsync(scope);

        string keyArn = outputs["KmsKeyArn"];
        Assert.Matches($"^arn:aws:kms:us-east-1:{MotoServer.Account}:key/[0-9a-f-]{{36}}$", keyArn);
        Assert.Equal(("aws:kms", keyArn), await EncryptionAsync(scope.Driver.Bucket));
        scope = scope with { Principal = outputs["RegistryRoleArn"], KeyArn = keyArn };
        await AssertPolicyAsync(outputs["RegistryRoleArn"], GrantDocuments.Policy(GrantDocuments.Publisher, scope));
        await AssertPolicyAsync(outputs["OperatorRoleArn"], GrantDocuments.Policy(GrantDocuments.Operator, scope));
    }

    [Fact]
    public async Task Stack_of_an_alias_takes_the_key_that_it_is_given()
    {
        const string keyArn = $"arn:aws:kms:us-east-1:{MotoServer.Account}:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        GrantScope scope = Scope("encrypt: true, keyid: alias/images");

        IReadOnlyDictionary<string, string> outputs = await CreateAsync(scope, new("KmsKeyArn", keyArn), new("Versioning", "Enabled"));

        Assert.Equal(("aws:kms", keyArn), await EncryptionAsync(scope.Driver.Bucket));
        Assert.Equal(keyArn, outputs["KmsKeyArn"]);
    }

    [Theory]
    [InlineData(AccessMode.ReadOnly)]
    [InlineData(AccessMode.ReadWrite)]
    public async Task Roles_of_a_stack_may_do_what_they_need_and_nothing_else(AccessMode access)
    {
        GrantScope scope = Scope($"encrypt: true, rootdirectory: /myroot, keyid: alias/images-{Guid.NewGuid():N}") with { Access = access };
        IReadOnlyDictionary<string, string> outputs = await CreateAsync(scope);
        string keyArn = outputs["KmsKeyArn"], registry = outputs["RegistryRoleArn"], @operator = outputs["OperatorRoleArn"];
        IReadOnlyList<Right> needed = RegistryRights.For(access, scope.Driver, keyArn), push = RegistryRights.For(AccessMode.ReadWrite, scope.Driver, keyArn);
        IReadOnlyList<Right> looks = OperatorRights.For(scope.Driver, keyArn, registry);

        Assert.All(await aws.Iam.DecideAsync(registry, needed), d => Assert.EndsWith("allowed", d, StringComparison.Ordinal));
        Assert.All(await aws.Iam.DecideAsync(registry, [.. push.Where(p => needed.All(n => n.Action != p.Action)), .. looks]), AssertDenied);
        Assert.All(await aws.Iam.DecideAsync(registry, push.Where(r => r.Sample.Contains("myroot", StringComparison.Ordinal)).Select(Elsewhere)), AssertDenied);
        // The key is S3's to ask for, and nobody else's.
        Assert.All(await aws.Iam.DecideAsync(registry, push.Where(r => r.Resource == keyArn).Select(r => r with { Context = new Dictionary<string, string>() })), AssertDenied);
        Assert.All(await aws.Iam.DecideAsync(@operator, looks), d => Assert.EndsWith("allowed", d, StringComparison.Ordinal));
        Assert.All(await aws.Iam.DecideAsync(@operator, push), AssertDenied);

        static void AssertDenied(string decision) => Assert.EndsWith("implicitDeny", decision, StringComparison.Ordinal);
        static Right Elsewhere(Right right) => right with { Sample = right.Sample.Replace("/myroot/", "/other/", StringComparison.Ordinal) };
    }

    private static GrantScope Scope(string config)
    {
        string bucket = $"stack-{Guid.NewGuid():N}";
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read($"{{version: 0.1, storage: {{s3: {{region: us-east-1, bucket: {bucket}, {config}}}}}}}");
        return new GrantScope { Driver = (S3Driver)result.Value!.Storage.Driver, Namespace = "images", ServiceAccount = "registry" };
    }

    private Task<IReadOnlyDictionary<string, string>> CreateAsync(GrantScope scope, params KeyValuePair<string, string>[] parameters) => aws.Moto.CreateStackAsync(
        scope.Driver.Bucket,
        CloudFormationTemplate.Build(scope),
        new Dictionary<string, string>([new("OidcProviderArn", Provider), .. parameters]),
        Cancel);

    private async Task<(string? Algorithm, string? Key)> EncryptionAsync(string bucket)
    {
        using AmazonS3Client client = aws.Moto.CreateS3Client();
        GetBucketEncryptionResponse answer = await client.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = bucket }, Cancel);
        ServerSideEncryptionByDefault? rule = answer.ServerSideEncryptionConfiguration?.ServerSideEncryptionRules?.Single().ServerSideEncryptionByDefault;
        return (rule?.ServerSideEncryptionAlgorithm?.Value, rule?.ServerSideEncryptionKeyManagementServiceKeyId);
    }

    private async Task AssertPolicyAsync(string role, PolicyDocument? expected)
    {
        XDocument attached = await aws.Moto.IamAsync("ListAttachedRolePolicies", [new("RoleName", NameOf(role))], Cancel);
        Assert.Equal(expected?.ToString(), await DocumentAsync(Assert.Single(attached.Descendants(Iam + "PolicyArn")).Value));
        Assert.Empty((await aws.Moto.IamAsync("ListRolePolicies", [new("RoleName", NameOf(role))], Cancel)).Descendants(Iam + "PolicyNames").Single().Elements());
    }

    private async Task AssertTrustAsync(string role, string subject)
    {
        XDocument answer = await aws.Moto.IamAsync("GetRole", [new("RoleName", NameOf(role))], Cancel);
        JsonNode statement = Json(answer.Descendants(Iam + "AssumeRolePolicyDocument").Single())["Statement"]!.AsArray().Single()!;
        Assert.Equal(("Allow", "sts:AssumeRoleWithWebIdentity", Provider),
            ((string?)statement["Effect"], (string?)statement["Action"], (string?)statement["Principal"]!["Federated"]));
        var condition = Assert.Single(statement["Condition"]!.AsObject());
        Assert.Equal("StringEquals", condition.Key);
        Assert.Equal([($"{Issuer}:sub", subject), ($"{Issuer}:aud", "sts.amazonaws.com")], condition.Value!.AsObject().Select(p => (p.Key, (string?)p.Value)));
    }

    private async Task<string> DocumentAsync(string policyArn)
    {
        XDocument policy = await aws.Moto.IamAsync("GetPolicy", [new("PolicyArn", policyArn)], Cancel);
        XDocument version = await aws.Moto.IamAsync(
            "GetPolicyVersion", [new("PolicyArn", policyArn), new("VersionId", policy.Descendants(Iam + "DefaultVersionId").Single().Value)], Cancel);
        return PolicyDocument.Write(Json(version.Descendants(Iam + "Document").Single()));
    }

    private static JsonNode Json(XElement document) => JsonNode.Parse(Uri.UnescapeDataString(document.Value))!;

    private static string NameOf(string arn) => arn[(arn.LastIndexOf('/') + 1)..];
}
