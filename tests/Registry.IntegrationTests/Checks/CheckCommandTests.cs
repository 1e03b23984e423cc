using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Checks;

/// <summary><c>registry check</c> as a Job runs it: its exit code and its one JSON answer.</summary>
public sealed class CheckCommandTests(S3Fixture s3)
{
    private static readonly string[] ReadOnlyChecks = ["Identity", "ListBucket", "ReadMissingObject", "ReadObject"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_of_a_registry_that_takes_pushes_passes_and_leaves_nothing()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);

        CheckReport report = await CheckAsync(RegistryFiles.DockerConfig(s3, bucket), S3Server.CredentialsFile, 0);

        Assert.Equal(("ReadWrite", "profile"), (report.Access, report.Identity!.Source));
        Assert.Equal([.. ReadOnlyChecks, "WriteCanary", "ReadCanary", "MultipartCanary", "DeleteCanary"], report.Checks.Select(c => c.Name));
        Assert.Contains("AES256", Find(report, "ReadCanary").Message, StringComparison.Ordinal);
        Assert.Equal(CheckOutcome.Skipped, Find(report, "ReadObject").Outcome);
        Assert.Empty(await s3.KeysAsync(bucket));
        await s3.AssertNoMultipartUploadAsync(bucket);
    }

    [Fact]
    public async Task Check_of_a_read_only_registry_writes_nothing()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        string user = await CreateUserAsync(bucket, ("s3:ListBucket", ""), ("s3:GetObject", "/myroot/*"));
        await s3.Client.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "myroot/docker/registry/v2/blobs/sha256/00/00/data", ContentBody = "x" }, Token);

        CheckReport report = await CheckAsync(ReadOnly(RegistryFiles.DockerConfig(s3, bucket)), user, 0);

        Assert.Equal("ReadOnly", report.Access);
        Assert.Equal(ReadOnlyChecks, report.Checks.Select(c => c.Name));
        Assert.Equal(CheckOutcome.Passed, Find(report, "ReadObject").Outcome);
        Assert.Single(await s3.KeysAsync(bucket));
    }

    [Fact]
    public async Task Check_of_a_bucket_that_is_not_there_says_so()
    {
        CheckReport report = await CheckAsync(RegistryFiles.DockerConfig(s3, "absent-bucket"), S3Server.CredentialsFile, 1);

        CheckResult list = Find(report, "ListBucket");
        Assert.Equal(CheckOutcome.Failed, list.Outcome);
        Assert.StartsWith("there is no bucket absent-bucket", list.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(S3Server.AccessKey, "not-the-secret")]
    [InlineData("AKIAUNKNOWN", S3Server.SecretKey)]
    public async Task Check_with_wrong_credentials_fails_and_tells_no_secret(string accessKey, string secretKey)
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);

        CheckReport report = await CheckAsync(RegistryFiles.DockerConfig(s3, bucket), S3Server.CredentialsFileOf(accessKey, secretKey), 1);

        Assert.Equal(CheckOutcome.Failed, Find(report, "ListBucket").Outcome);
        Assert.StartsWith($"denied: allow s3:ListBucket on arn:aws:s3:::{bucket}", Find(report, "ListBucket").Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secretKey, report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_without_permission_to_list_names_it()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        string user = await CreateUserAsync(bucket, ("s3:GetObject", "/myroot/*"));

        CheckReport report = await CheckAsync(RegistryFiles.DockerConfig(s3, bucket), user, 1);

        CheckResult list = Find(report, "ListBucket");
        Assert.Equal((CheckOutcome.Failed, "s3:ListBucket", $"arn:aws:s3:::{bucket}"), (list.Outcome, list.Action, list.Resource));
        Assert.StartsWith($"denied: allow s3:ListBucket on arn:aws:s3:::{bucket}", list.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_with_a_list_permission_that_holds_only_for_a_prefix_finds_missing_objects_answered_with_403()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        string user = await CreateUserAsync(
            bucket, """{"StringEquals":{"s3:prefix":"myroot/docker/registry/v2/blobs/"}}""", ("s3:ListBucket", ""), ("s3:GetObject", "/myroot/*"));

        CheckReport report = await CheckAsync(ReadOnly(RegistryFiles.DockerConfig(s3, bucket)), user, 1);

        Assert.Equal(CheckOutcome.Passed, Find(report, "ListBucket").Outcome);
        Assert.Equal(CheckOutcome.Failed, Find(report, "ReadMissingObject").Outcome);
        Assert.StartsWith("a missing object is answered with 403", Find(report, "ReadMissingObject").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_without_permission_to_write_fails_on_the_canary()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        string user = await CreateUserAsync(bucket, ("s3:ListBucket", ""), ("s3:GetObject", "/myroot/*"));

        CheckReport report = await CheckAsync(RegistryFiles.DockerConfig(s3, bucket), user, 1);

        CheckResult write = Find(report, "WriteCanary");
        Assert.Equal((CheckOutcome.Failed, "s3:PutObject"), (write.Outcome, write.Action));
        Assert.Same(write, report.Checks[^1]);
    }

    [Theory]
    [InlineData("s3:AbortMultipartUpload", "MultipartCanary")]
    [InlineData("s3:DeleteObject", "DeleteCanary")]
    public async Task Check_without_permission_to_take_back_what_a_push_wrote_fails_and_names_it(string missing, string check)
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        (string Action, string Below)[] all =
            [("s3:ListBucket", ""), ("s3:GetObject", "/*"), ("s3:PutObject", "/*"), ("s3:DeleteObject", "/*"), ("s3:AbortMultipartUpload", "/*")];
        string user = await CreateUserAsync(bucket, [.. all.Where(a => a.Action != missing)]);

        CheckReport report = await CheckAsync(RegistryFiles.DockerConfig(s3, bucket), user, 1);

        CheckResult failed = Assert.Single(report.Checks, c => c.Outcome == CheckOutcome.Failed);
        Assert.Equal((check, missing), (failed.Name, failed.Action));
        Assert.StartsWith($"denied: allow {missing} on arn:aws:s3:::{bucket}/myroot/docker/registry/v2/* (AccessDenied)", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_with_a_KMS_key_reads_it_back_from_the_canary()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);

        CheckReport report = await CheckAsync(WithKey(RegistryFiles.DockerConfig(s3, bucket), "testkey-1"), S3Server.CredentialsFile, 0);

        Assert.Contains("encryption aws:kms, KMS key testkey-1", Find(report, "ReadCanary").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_with_a_KMS_key_that_is_not_there_fails_on_the_canary()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);

        CheckReport report = await CheckAsync(WithKey(RegistryFiles.DockerConfig(s3, bucket), "absent"), S3Server.CredentialsFile, 1);

        Assert.Equal(CheckOutcome.Failed, Find(report, "WriteCanary").Outcome);
        Assert.Contains("absent", Find(report, "WriteCanary").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_with_a_credentials_file_that_lacks_the_profile_says_what_to_write_there()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        string file = S3Server.CredentialsFile.Replace("[default]", "[other]", StringComparison.Ordinal);

        CheckReport report = await CheckAsync(RegistryFiles.DockerConfig(s3, bucket), file, 1);

        CheckResult identity = Assert.Single(report.Checks);
        Assert.Contains("has no usable profile \"default\": write a section [default]", identity.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(S3Server.SecretKey, report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_without_credentials_says_where_to_put_them()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);

        CheckReport report = await CheckAsync(RegistryFiles.DockerConfig(s3, bucket), null, 1);

        CheckResult identity = Assert.Single(report.Checks);
        Assert.Null(report.Identity);
        Assert.Equal(("Identity", CheckOutcome.Failed), (identity.Name, identity.Outcome));
        Assert.StartsWith("no credentials: give the ServiceAccount a role, or put a credentials file into the Secret that spec.credentials.secretRef names", identity.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("serve")]
    public async Task Configuration_that_is_refused_ends_with_2_and_every_reason_by_line(string command)
    {
        using var files = new RegistryFiles("version: 0.1\nstorage:\n  azure:\n    accountname: a\nhttp:\n  adr: :5000\n", null);

        CommandResult result = await RunAsync(files, [command, files.Config]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{files.Config}:3: storage.azure: is a storage driver that is not supported", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{files.Config}:6: http.adr: is not a key of the registry's configuration", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Configuration_that_is_not_there_ends_with_2()
    {
        using var files = new RegistryFiles("", null);

        CommandResult result = await RunAsync(files, ["check", $"{files.Config}.absent"]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"{files.Config}.absent: cannot be read", result.Error, StringComparison.Ordinal);
    }

    private static string ReadOnly(string config) => config.Replace("storage:\n", "storage:\n  maintenance: {readonly: {enabled: true}}\n", StringComparison.Ordinal);

    private static string WithKey(string config, string key) => config.Replace("encrypt: true", $"encrypt: true\n    keyid: {key}", StringComparison.Ordinal);

    private static CheckResult Find(CheckReport report, string name) => Assert.Single(report.Checks, c => c.Name == name);

    private static async Task<CheckReport> CheckAsync(string config, string? credentials, int exitCode)
    {
        using var files = new RegistryFiles(config, credentials);

        CommandResult result = await RunAsync(files, ["check", files.Config, "--output", files.Answer]);

        string written = await File.ReadAllTextAsync(files.Answer, Token);
        Assert.Equal(result.Output.TrimEnd('\n'), written);
        Assert.InRange(new FileInfo(files.Answer).Length, 1, 4095);
        CheckReport? report = CheckReport.TryParse(written);
        Assert.NotNull(report);
        Assert.Equal((exitCode, exitCode == 0), (result.ExitCode, report.Passed));
        return report;
    }

    private static Task<CommandResult> RunAsync(RegistryFiles files, string[] arguments) => CommandLine.RunAsync(
        RegistryProgram.Path,
        RegistryProgram.Arguments(arguments),
        new CommandOptions { AnyExitCode = true, Environment = RegistryProgram.VariablesFor(files) },
        Token);

    private Task<string> CreateUserAsync(string bucket, params (string Action, string Below)[] allowed) => CreateUserAsync(bucket, "{}", allowed);

    /// <summary>Makes a user who may do this in the bucket and nothing else, and gives a credentials file.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="listCondition">A condition on what is allowed on the bucket itself.</param>
    /// <param name="allowed">Actions, each with what follows the bucket's name in the resource.</param>
    private async Task<string> CreateUserAsync(string bucket, string listCondition, params (string Action, string Below)[] allowed)
    {
        string user = $"u{Guid.NewGuid():N}";
        await s3.Server.AdminAsync(["user", "create", "--uid", user, "--display-name", user, "--access-key", user, "--secret-key", $"secret-of-{user}"], Token);
        string statements = string.Join(',', allowed.Select(a =>
            $$$"""
            {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam:::user/{{{user}}}"},"Action":"{{{a.Action}}}",
             "Resource":"arn:aws:s3:::{{{bucket}}}{{{a.Below}}}","Condition":{{{(a.Below.Length == 0 ? listCondition : "{}")}}}}
            """));
        await s3.Client.PutBucketPolicyAsync(
            new PutBucketPolicyRequest { BucketName = bucket, Policy = $$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""" }, Token);
        return S3Server.CredentialsFileOf(user, $"secret-of-{user}");
    }
}
