using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Checks;

/// <summary>Every way in which a registry on AWS comes by its credentials, as <c>registry check</c> tells it.</summary>
public sealed class CredentialSourcesTests
{
    private const string Role = "arn:aws:iam::111122223333:role/registry";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Identity_with_a_role_of_the_ServiceAccount_is_that_role()
    {
        await using AwsEndpoints aws = await AwsEndpoints.StartAsync(Token);

        await AssertIdentityAsync(aws, "web-identity", AwsEndpoints.WebIdentityKey, file => new()
        {
            ["AWS_ROLE_ARN"] = Role,
            ["AWS_WEB_IDENTITY_TOKEN_FILE"] = file(AwsEndpoints.WebIdentityToken),
            ["AWS_REGION"] = "us-east-1",
        });
    }

    [Fact]
    public async Task Identity_with_Pod_Identity_is_the_agents()
    {
        await using AwsEndpoints aws = await AwsEndpoints.StartAsync(Token);

        await AssertIdentityAsync(aws, "container", AwsEndpoints.PodIdentityKey, file => new()
        {
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = $"{aws.Url}/pod-identity",
            ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = file(AwsEndpoints.PodIdentityToken),
        });
    }

    [Fact]
    public async Task Identity_with_nothing_else_is_the_nodes()
    {
        await using AwsEndpoints aws = await AwsEndpoints.StartAsync(Token);

        await AssertIdentityAsync(aws, "instance", AwsEndpoints.InstanceKey, _ => new()
        {
            ["AWS_EC2_METADATA_DISABLED"] = "false",
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = aws.Url,
        });
    }

    [Fact]
    public async Task Identity_with_keys_in_the_environment_is_theirs()
    {
        await using AwsEndpoints aws = await AwsEndpoints.StartAsync(Token);

        await AssertIdentityAsync(aws, "environment", "AKIAENVIRONMENT", _ => new()
        {
            ["AWS_ACCESS_KEY_ID"] = "AKIAENVIRONMENT",
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
        });
    }

    // Neither a token that is missing nor one that is refused may make the registry its node.
    [Theory]
    [InlineData(null, CheckOutcome.Failed, "there is no token at ")]
    [InlineData("another-token", CheckOutcome.Failed, "denies AssumeRoleWithWebIdentity for role arn:aws:iam::111122223333:role/registry (InvalidIdentityToken")]
    public async Task Identity_with_a_role_that_is_not_given_is_not_the_nodes(string? token, CheckOutcome outcome, string told)
    {
        await using AwsEndpoints aws = await AwsEndpoints.StartAsync(Token);

        CheckReport report = await CheckAsync(aws, file => new()
        {
            ["AWS_ROLE_ARN"] = Role,
            ["AWS_WEB_IDENTITY_TOKEN_FILE"] = token is null ? "/absent/token" : file(token),
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = aws.Url,
        });

        CheckResult identity = Assert.Single(report.Checks);
        Assert.Equal((new CheckIdentity(null, "web-identity", Role), outcome), (report.Identity, identity.Outcome));
        Assert.Contains(told, identity.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Identity_with_a_role_and_no_token_file_is_not_the_nodes()
    {
        await using AwsEndpoints aws = await AwsEndpoints.StartAsync(Token);

        CheckReport report = await CheckAsync(aws, _ => new() { ["AWS_ROLE_ARN"] = Role, ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = aws.Url });

        Assert.Null(report.Identity);
        Assert.Contains($"AWS_ROLE_ARN names {Role}, but AWS_WEB_IDENTITY_TOKEN_FILE no token", Assert.Single(report.Checks).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Identity_is_unknown_while_the_token_service_does_not_answer()
    {
        await using AwsEndpoints aws = await AwsEndpoints.StartAsync(Token);

        CheckReport report = await CheckAsync(aws, file => new()
        {
            ["AWS_ROLE_ARN"] = Role,
            ["AWS_WEB_IDENTITY_TOKEN_FILE"] = file(AwsEndpoints.WebIdentityToken),
            ["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:1",
        });

        CheckResult identity = Assert.Single(report.Checks);
        Assert.Equal(CheckOutcome.Unknown, identity.Outcome);
        Assert.StartsWith("http://127.0.0.1:1 does not answer: ", identity.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Identity_with_Pod_Identity_whose_agent_refuses_says_so()
    {
        await using AwsEndpoints aws = await AwsEndpoints.StartAsync(Token);

        CheckReport report = await CheckAsync(aws, file => new()
        {
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = $"{aws.Url}/pod-identity",
            ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = file("another-token"),
        });

        CheckResult identity = Assert.Single(report.Checks);
        Assert.Equal(("container", CheckOutcome.Failed), (report.Identity!.Source, identity.Outcome));
        Assert.StartsWith("the agent that gives the pod its role (EKS Pod Identity) gives no credentials", identity.Message, StringComparison.Ordinal);
    }

    private static async Task AssertIdentityAsync(
        AwsEndpoints aws, string source, string accessKey, Func<Func<string, string>, Dictionary<string, string>> variables)
    {
        Dictionary<string, string>? set = null;
        CheckReport report = await CheckAsync(aws, file => set = variables(file));

        Assert.Equal(
            new CheckIdentity($"arn:aws:sts::111122223333:assumed-role/registry/{accessKey}", source, set!.GetValueOrDefault("AWS_ROLE_ARN")), report.Identity);
        // The keys are good for S3 too: it gets as far as saying that the bucket is not there.
        Assert.Contains(report.Checks, c => c.Name == "ListBucket" && c.Message.StartsWith("there is no bucket", StringComparison.Ordinal));
    }

    private static async Task<CheckReport> CheckAsync(AwsEndpoints aws, Func<Func<string, string>, Dictionary<string, string>> variables)
    {
        using var files = new RegistryFiles(
            $"version: 0.1\nstorage:\n  s3: {{region: us-east-1, bucket: docker-registry, regionendpoint: \"{aws.Url}\"}}\n", null);
        Dictionary<string, string> environment = RegistryProgram.VariablesFor(files);
        environment.Remove("AWS_EC2_METADATA_DISABLED");
        environment["AWS_ENDPOINT_URL_STS"] = aws.Url;
        foreach ((string name, string value) in variables(text => Write(files.Answer, text)))
        {
            environment[name] = value;
        }

        CommandResult result = await CommandLine.RunAsync(
            RegistryProgram.Path,
            RegistryProgram.Arguments("check", files.Config),
            new CommandOptions { AnyExitCode = true, Environment = environment },
            Token);

        CheckReport? report = CheckReport.TryParse(result.Output);
        Assert.True(report is not null, result.Error);
        return report;
    }

    private static string Write(string path, string text)
    {
        File.WriteAllText(path, text);
        return path;
    }
}
