using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Checks;

/// <summary>Every way in which a registry on AWS comes by its credentials, as <c>registry check</c> tells it.</summary>
public sealed class CredentialSourcesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Identity_with_a_role_of_the_ServiceAccount_is_that_role()
    {
        await using AwsEndpoints aws = await AwsEndpoints.StartAsync(Token);

        await AssertIdentityAsync(aws, "web-identity", AwsEndpoints.WebIdentityKey, file => new()
        {
            ["AWS_ROLE_ARN"] = "arn:aws:iam::111122223333:role/registry",
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

    private static async Task AssertIdentityAsync(
        AwsEndpoints aws, string source, string accessKey, Func<Func<string, string>, Dictionary<string, string>> variables)
    {
        using var files = new RegistryFiles(
            $"version: 0.1\nstorage:\n  s3: {{region: us-east-1, bucket: docker-registry, regionendpoint: \"{aws.Url}\"}}\n", null);
        Dictionary<string, string> environment = RegistryProgram.VariablesFor(files);
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
        Assert.Equal(new CheckIdentity($"arn:aws:sts::111122223333:assumed-role/registry/{accessKey}", source), report.Identity);
        // The keys are good for S3 too: it gets as far as saying that the bucket is not there.
        Assert.Contains(report.Checks, c => c.Name == "ListBucket" && c.Message.StartsWith("there is no bucket", StringComparison.Ordinal));
    }

    private static string Write(string path, string text)
    {
        File.WriteAllText(path, text);
        return path;
    }
}
