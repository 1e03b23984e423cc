using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator;

/// <summary><c>operator policies</c>: prints the documents that give each identity what it needs. It asks nobody, and needs no cluster.</summary>
internal static partial class PoliciesCommand
{
    private const int BadInput = 2;
    private const string Json = "json";
    private const string CloudFormation = "cloudformation";

    private static readonly Option<string> Bucket = new("--bucket") { Description = "The bucket, as storage.s3.bucket", HelpName = "BUCKET", Required = true };
    private static readonly Option<string?> RootDirectory = new("--root-directory") { Description = "Where the registry's keys begin, as storage.s3.rootdirectory", HelpName = "DIR" };
    private static readonly Option<string> Region = new("--region")
    {
        Description = "The bucket's region, as storage.s3.region [AWS_REGION]",
        HelpName = "REGION",
        DefaultValueFactory = _ => CommandLine.Variable("AWS_REGION") ?? "us-east-1",
    };

    private static readonly Option<string?> RegionEndpoint = new("--region-endpoint")
    {
        Description = "The URL of a store other than AWS's, as storage.s3.regionendpoint",
        HelpName = "URL",
    };

    private static readonly Option<bool> Encrypt = new("--encrypt")
    {
        Description = "Whether every write asks for encryption by name, as storage.s3.encrypt",
        HelpName = "true|false",
        DefaultValueFactory = _ => true,
    };

    private static readonly Option<string?> KeyId = new("--key-id") { Description = "The KMS key of every write, as storage.s3.keyid", HelpName = "KEY" };
    private static readonly Option<bool> Dsse = new("--dsse") { Description = "Whether KMS encrypts twice, as storage.s3.dsse" };
    private static readonly Option<AccessMode> Access = new("--access") { Description = "What the nodes do, as spec.access", HelpName = "ReadOnly|ReadWrite" };
    private static readonly Option<string> Namespace = new("--namespace")
    {
        Description = "The registry's namespace",
        HelpName = "NS",
        DefaultValueFactory = _ => "local-registry",
    };

    private static readonly Option<string> ServiceAccount = new("--service-account")
    {
        Description = "The registry's ServiceAccount",
        HelpName = "NAME",
        DefaultValueFactory = _ => "registry",
    };

    private static readonly Option<string?> RegistryRole = new("--registry-role")
    {
        Description = "The ARN of the registry's role or user, which the operator then may ask IAM about",
        HelpName = "ARN",
    };

    private static readonly Option<string> Format = new("--format")
    {
        Description = "Policies one by one, or one template that makes everything",
        HelpName = $"{Json}|{CloudFormation}",
        DefaultValueFactory = _ => Json,
    };

    private static readonly Option<string?> Document = new("--document")
    {
        Description = "One policy alone; left out, all in one object by the names of their files",
        HelpName = string.Join('|', GrantDocuments.Policies),
    };

    // Options as the keys of storage.s3 that they stand for.
    private static readonly (string Key, Option Option)[] Settings =
    [
        ("bucket", Bucket), ("rootdirectory", RootDirectory), ("region", Region), ("regionendpoint", RegionEndpoint), ("encrypt", Encrypt), ("keyid", KeyId),
        ("dsse", Dsse),
    ];

    public static Command Build()
    {
        Access.AcceptOnlyFromAmong(Enum.GetNames<AccessMode>());
        Format.AcceptOnlyFromAmong(Json, CloudFormation);
        Document.AcceptOnlyFromAmong([.. GrantDocuments.Policies]);
        var policies = new Command("policies", "Prints the policies of bucket, registry and operator, and nothing that they do not need.")
        {
            Bucket, RootDirectory, Region, RegionEndpoint, Encrypt, KeyId, Dsse, Access, Namespace, ServiceAccount, RegistryRole, Format, Document,
        };
        policies.SetAction(Run);
        return policies;
    }

    private static int Run(ParseResult parsed)
    {
        InvocationConfiguration io = parsed.InvocationConfiguration;
        var problems = new List<string>();
        string? text = Read(parsed, problems) is { } scope ? Write(parsed, scope, problems) : null;
        problems.ForEach(io.Error.WriteLine);
        io.Output.Write(text);
        return problems.Count == 0 ? 0 : BadInput;
    }

    private static GrantScope? Read(ParseResult parsed, List<string> problems)
    {
        string? role = parsed.GetValue(RegistryRole);
        if (role is not null && !PrincipalArn().IsMatch(role))
        {
            problems.Add($"--registry-role: must be the ARN of a role or a user, such as arn:aws:iam::111122223333:role/registry, not \"{role}\"");
        }

        // The registry's own reader knows what a configuration may say.
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(new JsonObject
        {
            ["version"] = "0.1",
            ["storage"] = new JsonObject
            {
                ["s3"] = new JsonObject
                {
                    ["bucket"] = parsed.GetValue(Bucket),
                    ["rootdirectory"] = parsed.GetValue(RootDirectory),
                    ["region"] = parsed.GetValue(Region),
                    ["regionendpoint"] = parsed.GetValue(RegionEndpoint),
                    ["encrypt"] = parsed.GetValue(Encrypt),
                    ["keyid"] = parsed.GetValue(KeyId),
                    ["dsse"] = parsed.GetValue(Dsse),
                },
            },
        }.ToJsonString());
        problems.AddRange(result.Errors.Select(e => $"{OptionOf(e.Path)}: {e.Message}"));
        return problems.Count > 0 ? null : new GrantScope
        {
            Driver = (S3Driver)result.Value!.Storage.Driver,
            Access = parsed.GetValue(Access),
            Namespace = parsed.GetValue(Namespace)!,
            ServiceAccount = parsed.GetValue(ServiceAccount)!,
            Principal = role,
        };
    }

    private static string? Write(ParseResult parsed, GrantScope scope, List<string> problems)
    {
        string? document = parsed.GetValue(Document);
        if (parsed.GetValue(Format) == CloudFormation)
        {
            if (document is not null)
            {
                problems.Add($"--document: goes with --format {Json}; a template holds all of them");
            }

            if (!scope.IsAws)
            {
                problems.Add($"--region-endpoint: {scope.Driver.RegionEndpoint} is not AWS's, and only AWS understands a template; use --format {Json}");
            }

            return problems.Count > 0 ? null : CloudFormationTemplate.Build(scope);
        }

        if (document is null)
        {
            return PolicyDocument.Write(new JsonObject(GrantDocuments.Policies
                .Select(p => KeyValuePair.Create(GrantDocuments.FileOf(p), (JsonNode?)GrantDocuments.Policy(p, scope)?.ToJson()))
                .Where(p => p.Value is not null)));
        }

        if (GrantDocuments.Policy(document, scope) is not { } policy)
        {
            problems.Add($"--document: without encryption and TLS there is nothing that a {document} policy could deny");
            return null;
        }

        return policy.ToString();
    }

    private static string OptionOf(string path) => Settings.FirstOrDefault(s => path == $"storage.s3.{s.Key}").Option?.Name ?? path;

    [GeneratedRegex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[^*?]+$")]
    private static partial Regex PrincipalArn();
}
