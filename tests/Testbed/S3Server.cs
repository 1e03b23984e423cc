using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Networks;
using Microsoft.Extensions.Logging.Abstractions;
using HttpClientFactory = Amazon.Runtime.HttpClientFactory;

namespace LocalRegistry.Testbed;

/// <summary>An S3 with signatures, IAM, STS and encryption (radosgw) in a container, its data in memory.</summary>
public sealed class S3Server : IAsyncDisposable
{
    internal const string Role = "s3";
    private const string Region = "us-east-1";

    private readonly BedName _bed;
    private readonly string _containerId;

    private S3Server(BedName bed, ContainerState container)
    {
        _bed = bed;
        _containerId = container.Id;
        Endpoint = new Uri($"http://{container.Address}:7480");
    }

    /// <summary>The access key of the user who may do everything.</summary>
    public const string AccessKey = "AKIAADMIN";

    /// <summary>The secret to <see cref="AccessKey"/>.</summary>
    public const string SecretKey = "adminsecret";

    /// <summary>The server's address, the same from this machine, from the nodes and from their pods.</summary>
    public Uri Endpoint { get; }

    /// <summary>A shared credentials file of the user who may do everything.</summary>
    public static string CredentialsFile => CredentialsFileOf(AccessKey, SecretKey);

    /// <summary>A shared credentials file of a user.</summary>
    public static string CredentialsFileOf(string accessKey, string secretKey) =>
        $"[default]\naws_access_key_id = {accessKey}\naws_secret_access_key = {secretKey}\n";

    /// <summary>Starts a server of its own, for tests that need no cluster. Disposing removes it.</summary>
    /// <param name="progress">Receives a line for every step.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="capacity">The most bytes that it keeps; null for its own default.</param>
    public static async Task<S3Server> StartAsync(Action<string> progress, CancellationToken ct, long? capacity = null)
    {
        await Machine.PrepareAsync(["tools", "s3"], progress, ct);
        await Leftovers.RemoveAbandonedAsync(ct);
        return await StartAsync(BedName.Passing(), null, ct, capacity);
    }

    /// <summary>A client of the user who may do everything, or of another.</summary>
    /// <param name="accessKey">The user's access key.</param>
    /// <param name="secretKey">The secret to it.</param>
    /// <param name="connections">How it is connected; null for the SDK's own way.</param>
    public AmazonS3Client CreateClient(string accessKey = AccessKey, string secretKey = SecretKey, HttpClientFactory? connections = null) =>
        new(new BasicAWSCredentials(accessKey, secretKey), new AmazonS3Config
        {
            ServiceURL = Endpoint.ToString(),
            AuthenticationRegion = Region,
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = connections,
        });

    /// <summary>Creates a bucket, with AES256 as its default encryption or with none.</summary>
    public async Task CreateBucketAsync(string bucket, bool encrypted, CancellationToken ct)
    {
        using (var client = CreateClient())
        {
            await client.PutBucketAsync(bucket, ct);
        }

        if (encrypted)
        {
            await EncryptByDefaultAsync(bucket, ct);
        }
    }

    /// <summary>Blocks public access to a bucket, and has multipart uploads that nobody completes aborted.</summary>
    public async Task ProtectBucketAsync(string bucket, CancellationToken ct)
    {
        using var client = CreateClient();
        await client.PutPublicAccessBlockAsync(new PutPublicAccessBlockRequest
        {
            BucketName = bucket,
            PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration
            {
                BlockPublicAcls = true,
                IgnorePublicAcls = true,
                BlockPublicPolicy = true,
                RestrictPublicBuckets = true,
            },
        }, ct);
        await client.PutLifecycleConfigurationAsync(new PutLifecycleConfigurationRequest
        {
            BucketName = bucket,
            Configuration = new LifecycleConfiguration
            {
                Rules =
                [
                    new LifecycleRule
                    {
                        Id = "abort-abandoned-uploads",
                        Status = LifecycleRuleStatus.Enabled,
                        Filter = new LifecycleFilter { Prefix = "" },
                        AbortIncompleteMultipartUpload = new LifecycleRuleAbortIncompleteMultipartUpload { DaysAfterInitiation = 1 },
                    },
                ],
            },
        }, ct);
    }

    /// <summary>Sets a bucket's default encryption to AES256.</summary>
    public async Task EncryptByDefaultAsync(string bucket, CancellationToken ct)
    {
        using var client = CreateClient();
        await EncryptByDefaultAsync(client, bucket, ct);
    }

    /// <summary>Sets the default encryption of a bucket that is somebody else's to AES256.</summary>
    public static Task EncryptByDefaultAsync(AmazonS3Client client, string bucket, CancellationToken ct) => client.PutBucketEncryptionAsync(new PutBucketEncryptionRequest
    {
        BucketName = bucket,
        ServerSideEncryptionConfiguration = new ServerSideEncryptionConfiguration
        {
            ServerSideEncryptionRules =
            [
                new ServerSideEncryptionRule
                {
                    ServerSideEncryptionByDefault = new ServerSideEncryptionByDefault
                    {
                        ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AES256,
                    },
                },
            ],
        },
    }, ct);

    /// <summary>Takes a bucket's default encryption away.</summary>
    public async Task RemoveDefaultEncryptionAsync(string bucket, CancellationToken ct)
    {
        using var client = CreateClient();
        await client.DeleteBucketEncryptionAsync(new DeleteBucketEncryptionRequest { BucketName = bucket }, ct);
    }

    /// <summary>Runs radosgw-admin, for users and their policies, and returns its output.</summary>
    public Task<string> AdminAsync(IEnumerable<string> arguments, CancellationToken ct) =>
        Docker.RunAsync(["exec", _containerId, "radosgw-admin", "-c", "/var/lib/rgw-test/ceph.conf", "-n", "client.rgw.main", .. arguments], ct);

    /// <summary>Runs a command in the server's container and returns its output.</summary>
    public Task<string> ExecAsync(IEnumerable<string> command, CancellationToken ct) => Docker.RunAsync(["exec", _containerId, .. command], ct);

    /// <summary>Stops the server as if its machine had frozen: connections hang, nothing answers.</summary>
    public Task PauseAsync(CancellationToken ct) => Docker.RunAsync(["pause", _containerId], ct);

    /// <summary>Lets the server go on after <see cref="PauseAsync"/>.</summary>
    public Task ResumeAsync(CancellationToken ct) => Docker.RunAsync(["unpause", _containerId], ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_bed.Kept)
        {
            await Leftovers.RemoveAsync(_bed, CancellationToken.None);
        }
    }

    internal static async Task<S3Server> StartAsync(BedName bed, INetwork? network, CancellationToken ct, long? capacity = null)
    {
        var builder = new ContainerBuilder(Repository.Version("S3_IMAGE"))
            .WithName($"{bed.Value}-{Role}")
            .WithHostname(Role)
            .WithLabel(Labels.Of(bed, Role))
            .WithLogger(NullLogger.Instance)
            .WithWaitStrategy(DotNet.Testcontainers.Builders.Wait.ForUnixContainer().UntilMessageIsLogged("radosgw ready"));
        if (network is not null)
        {
            builder = builder.WithNetwork(network).WithNetworkAliases(Role);
        }

        if (capacity is { } bytes)
        {
            builder = builder.WithEnvironment("MEMORY_BYTES", bytes.ToString(CultureInfo.InvariantCulture));
        }

        await builder.Build().StartAsync(ct);
        return await FindAsync(bed, ct) ?? throw new InvalidOperationException("the S3 server ended right after its start");
    }

    internal static async Task<S3Server?> FindAsync(BedName bed, CancellationToken ct) =>
        await ContainerState.FindAsync(bed, Role, ct) is { } container ? new S3Server(bed, container) : null;
}
