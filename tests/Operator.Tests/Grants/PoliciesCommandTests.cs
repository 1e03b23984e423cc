using System.CommandLine;
using System.Text.Json.Nodes;
using Xunit;

namespace LocalRegistry.Operator.Tests.Grants;

public sealed class PoliciesCommandTests
{
    [Fact]
    public async Task Policies_prints_every_policy_by_the_name_of_its_file()
    {
        JsonObject all = JsonNode.Parse(await PrintAsync("--bucket", "docker-registry"))!.AsObject();

        Assert.Equal(["bucket-policy.json", "consumer-policy.json", "publisher-policy.json", "operator-policy.json"], all.Select(p => p.Key));
    }

    [Theory]
    [InlineData("bucket")]
    [InlineData("consumer")]
    [InlineData("publisher")]
    [InlineData("operator")]
    public async Task Policies_prints_one_document_as_in_the_whole(string document)
    {
        string[] options = ["--bucket", "docker-registry", "--root-directory", "/myroot", "--key-id", "alias/images"];
        JsonNode all = JsonNode.Parse(await PrintAsync(options))!;

        string one = await PrintAsync([.. options, "--document", document]);

        Assert.True(JsonNode.DeepEquals(all[$"{document}-policy.json"], JsonNode.Parse(one)));
        Assert.EndsWith("}\n", one, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_prints_a_template_with_the_names_it_is_given()
    {
        string template = await PrintAsync(
            "--bucket", "docker-registry", "--region", "eu-central-1", "--namespace", "images", "--service-account", "puller", "--format", "cloudformation");

        Assert.Contains("Default: images", template, StringComparison.Ordinal);
        Assert.Contains("Default: puller", template, StringComparison.Ordinal);
        Assert.Contains("--region eu-central-1 ", template, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_with_the_registrys_role_lets_the_operator_ask_about_it_alone()
    {
        const string role = "arn:aws:iam::111122223333:role/path/registry";

        JsonNode policy = JsonNode.Parse(await PrintAsync("--bucket", "docker-registry", "--registry-role", role, "--document", "operator"))!;

        Assert.Equal(role, policy["Statement"]![1]!["Resource"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("Option '--bucket' is required.")]
    [InlineData("--bucket: \"No\" cannot be a bucket's name", "--bucket", "No")]
    [InlineData("--key-id: has no effect without encrypt: true", "--bucket", "docker-registry", "--encrypt", "false", "--key-id", "k")]
    [InlineData("--region: \"US East\" cannot be a region's name", "--bucket", "docker-registry", "--region", "US East")]
    [InlineData("--region-endpoint: https://s3.example.com/ is not AWS's", "--bucket", "docker-registry", "--region-endpoint", "s3.example.com", "--format", "cloudformation")]
    [InlineData("--registry-role: must be the ARN of a role or a user", "--bucket", "docker-registry", "--registry-role", "arn:aws:iam::*:role/*")]
    [InlineData("--document: goes with --format json", "--bucket", "docker-registry", "--document", "bucket", "--format", "cloudformation")]
    [InlineData("--document: without encryption and TLS there is nothing", "--bucket", "docker-registry", "--region-endpoint", "http://s3:9000", "--encrypt", "false", "--document", "bucket")]
    [InlineData("Argument 'Write' not recognized", "--bucket", "docker-registry", "--access", "Write")]
    [InlineData("Argument 'yaml' not recognized", "--bucket", "docker-registry", "--format", "yaml")]
    public async Task Policies_of_what_cannot_be_ends_with_2_says_why_and_prints_nothing(string reason, params string[] options)
    {
        (int exitCode, string output, string error) = await RunAsync(options);

        Assert.Equal(2, exitCode);
        Assert.StartsWith(reason, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    /// <summary>Runs <c>operator policies</c> to success and gives what it prints.</summary>
    internal static async Task<string> PrintAsync(params string[] options)
    {
        (int exitCode, string output, string error) = await RunAsync(options);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] options)
    {
        using StringWriter output = new(), error = new();
        int exitCode = await CommandLine.InvokeAsync(["policies", .. options], new InvocationConfiguration { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
