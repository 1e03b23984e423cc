using System.Net;
using Amazon.S3;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Grants;

/// <summary>A bucket of an account, and users of the account who may do what a generated policy says: S3 refuses them everything else.</summary>
internal sealed class GrantedBucket : IDisposable
{
    private const string ReadOnly = "storage:\n  maintenance: {readonly: {enabled: true}}\n";

    private readonly S3Server _s3;

    private GrantedBucket(S3Server s3, string name)
    {
        _s3 = s3;
        Name = name;
        Owner = s3.CreateClient(S3Account.AccessKey, S3Account.SecretKey, new FreshConnections());
        Config = RegistryFiles.DockerConfig(s3, name);
        Driver = (S3Driver)ConfigurationReader.Read(Config).Value!.Storage.Driver;
    }

    /// <summary>The bucket's name.</summary>
    public string Name { get; }

    /// <summary>A client of the bucket's owner.</summary>
    public AmazonS3Client Owner { get; }

    /// <summary>The <c>config.yml</c> of a registry on the bucket.</summary>
    public string Config { get; }

    /// <summary>The same, parsed.</summary>
    public S3Driver Driver { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="s3">Where.</param>
    /// <param name="encrypted">Whether the bucket encrypts by default (AES256).</param>
    public static async Task<GrantedBucket> CreateAsync(S3Server s3, bool encrypted)
    {
        var bucket = new GrantedBucket(s3, $"granted-{Guid.NewGuid():N}");
        await bucket.Owner.PutBucketAsync(bucket.Name, Cancel);
        if (encrypted)
        {
            await S3Server.EncryptByDefaultAsync(bucket.Owner, bucket.Name, Cancel);
        }

        return bucket;
    }

    /// <summary>The key of an object in the registry's own folder.</summary>
    public string Key(string name) => $"{Driver.ObjectPrefix}{name}";

    /// <summary>One of the generated policies.</summary>
    public PolicyDocument Policy(string name)
    {
        PolicyDocument? policy = GrantDocuments.Policy(name, new GrantScope { Driver = Driver, Namespace = "local-registry", ServiceAccount = "registry" });
        Assert.NotNull(policy);
        return policy;
    }

    /// <summary>Makes a user who may do what a policy says, and gives his keys.</summary>
    public async Task<(string AccessKey, string SecretKey)> CreateUserAsync(PolicyDocument policy) => (await CreateUsersAsync([policy]))[0];

    /// <summary>Makes users who may each do what one policy says, and gives their keys.</summary>
    public Task<IReadOnlyList<(string AccessKey, string SecretKey)>> CreateUsersAsync(IEnumerable<PolicyDocument> policies) =>
        // AWS names this right after the configuration, this server after the call.
        _s3.CreateUsersAsync(policies.Select(p => $"{p}".Replace("s3:GetEncryptionConfiguration", "s3:GetBucketEncryption", StringComparison.Ordinal)), Cancel);

    /// <summary>A client of a user.</summary>
    public AmazonS3Client ClientOf((string AccessKey, string SecretKey) user) => _s3.CreateClient(user.AccessKey, user.SecretKey, new FreshConnections());

    /// <summary>The files of a registry that has a user's keys.</summary>
    public RegistryFiles FilesOf((string AccessKey, string SecretKey) user, bool readOnly = false) => new(
        readOnly ? Config.Replace("storage:\n", ReadOnly, StringComparison.Ordinal) : Config,
        S3Server.CredentialsFileOf(user.AccessKey, user.SecretKey));

    /// <summary>Runs <c>registry check</c> with a user's keys.</summary>
    public async Task<CheckReport> CheckAsync((string AccessKey, string SecretKey) user, bool readOnly = false)
    {
        using RegistryFiles files = FilesOf(user, readOnly);
        CommandResult result = await Testbed.CommandLine.RunAsync(
            RegistryProgram.Path,
            RegistryProgram.Arguments("check", files.Config),
            new CommandOptions { AnyExitCode = true, Environment = RegistryProgram.VariablesFor(files) },
            Cancel);
        CheckReport? report = CheckReport.TryParse(result.Output);
        Assert.NotNull(report);
        Assert.Equal(report.Passed, result.ExitCode == 0);
        return report;
    }

    /// <summary>Fails unless S3 refuses a call for want of a right.</summary>
    public static async Task AssertDeniedAsync(Task call)
    {
        AmazonS3Exception e = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => call);
        Assert.True(e.StatusCode == HttpStatusCode.Forbidden, $"{e.StatusCode} {e.ErrorCode}: {e.Message}");
    }

    public void Dispose() => Owner.Dispose();
}
