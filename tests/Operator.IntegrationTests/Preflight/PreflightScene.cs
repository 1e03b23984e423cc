using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Preflight;

/// <summary>What surrounds the registry of one case: its bucket, the keys that it is given, and what else its pod finds.</summary>
/// <param name="aws">The servers.</param>
/// <param name="access">Whether nodes push.</param>
internal sealed class PreflightScene(AwsFixture aws, AccessMode access) : IAsyncDisposable
{
    /// <summary>Where a pod finds what <c>spec.credentials</c> names.</summary>
    public const string Mount = "/var/run/secrets/localregistry.dev/aws";

    /// <summary>What a registry that pulls needs.</summary>
    public static readonly string[] Pull = ["s3:ListBucket", "s3:GetObject"];

    /// <summary>What a registry that takes pushes needs.</summary>
    public static readonly string[] Push = [.. Pull, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];

    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<(string Text, string Shown)> _shown = [];
    private bool _onAws;

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public AwsFixture Aws => aws;

    /// <summary>A bucket that no other case has. It is there after <see cref="CreateBucketAsync"/>.</summary>
    public string Bucket { get; } = $"b-{Guid.NewGuid():N}";

    /// <summary>What the configuration says of the bucket beyond its name, as JSON.</summary>
    public Dictionary<string, object> Driver { get; } = new() { ["encrypt"] = true };

    /// <summary>What the pod finds in its environment besides what the operator gives it.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public CredentialsSpec? Credentials { get; set; }

    public string? AnnotatedRole { get; set; }

    /// <summary>The content of the Secret; null if there is none.</summary>
    public string? CredentialsFile { get; set; }

    /// <summary>What must not be told: the last word of each line of the Secret, and the token.</summary>
    public IEnumerable<string> Secrets => (CredentialsFile ?? "").Split('\n').Where(line => line.Contains("secret", StringComparison.Ordinal))
        .Select(line => line.Split(' ', ':')[^1])
        .Concat(Token?.Split('.') ?? []);

    /// <summary>The token of the pod's ServiceAccount; null if none is projected.</summary>
    public string? Token { get; set; }

    /// <summary>The store, if it is not the one that enforces.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The resource that a user would write for all this.</summary>
    public LocalRegistrySpec Spec
    {
        get
        {
            var s3 = new Dictionary<string, object>(Driver) { ["region"] = "us-east-1", ["bucket"] = Bucket, ["rootdirectory"] = "/myroot", ["forcepathstyle"] = true };
            if (!_onAws)
            {
                s3["regionendpoint"] = (Endpoint ?? aws.S3.Endpoint).ToString().TrimEnd('/');
            }

            return new LocalRegistrySpec
            {
                Config = JsonSerializer.SerializeToElement(new { version = 0.1, storage = new { s3 } }),
                Access = access,
                Credentials = Credentials,
                ServiceAccount = new ServiceAccountSpec
                {
                    Annotations = AnnotatedRole is null ? null : new Dictionary<string, string> { [RegistryServiceAccount.RoleAnnotation] = AnnotatedRole },
                },
            };
        }
    }

    /// <summary>Makes the bucket, as the account's own.</summary>
    public async Task CreateBucketAsync(bool encrypted = true)
    {
        using AmazonS3Client owner = Owner();
        await owner.PutBucketAsync(Bucket, Cancel);
        if (encrypted)
        {
            await S3Server.EncryptByDefaultAsync(owner, Bucket, Cancel);
        }
    }

    /// <summary>Puts a part of an image into the bucket.</summary>
    public async Task PutImageAsync()
    {
        using AmazonS3Client owner = Owner();
        await owner.PutObjectAsync(
            new PutObjectRequest { BucketName = Bucket, Key = "myroot/docker/registry/v2/blobs/sha256/00/00/data", ContentBody = "x" }, Cancel);
    }

    /// <summary>Gives the bucket a policy of one statement; BUCKET in it is the bucket's name.</summary>
    public async Task PutPolicyAsync(string statement)
    {
        using AmazonS3Client owner = Owner();
        string policy = $$"""{"Version":"2012-10-17","Statement":[{{statement.Replace("BUCKET", Bucket, StringComparison.Ordinal)}}]}""";
        await owner.PutBucketPolicyAsync(new PutBucketPolicyRequest { BucketName = Bucket, Policy = policy }, Cancel);
    }

    /// <summary>Gives the registry a Secret.</summary>
    public void UseSecret(string? file, bool optional = false)
    {
        CredentialsFile = file;
        Credentials = new CredentialsSpec { SecretRef = new SecretKeyReference { Name = "docker-credentials", Optional = optional } };
    }

    /// <summary>Gives the registry a Secret with the keys of a user who may do this in the bucket, and nothing else.</summary>
    /// <param name="actions">Actions.</param>
    /// <param name="prefix">The only prefix that he may list; null for any.</param>
    public async Task UseUserAsync(IEnumerable<string> actions, string? prefix = null)
    {
        (string accessKey, string secretKey) = (await aws.S3.CreateUsersAsync([Policy(actions, prefix)], Cancel))[0];
        UseSecret(S3Server.CredentialsFileOf(accessKey, secretKey));
    }

    /// <summary>
    /// Puts the registry on AWS: its store and its token service are where the SDK has AWS's, and whatever hands out keys there gives those of
    /// a role that may do this in the bucket.
    /// </summary>
    public async Task<AwsEndpoints> MoveToAwsAsync(IEnumerable<string>? actions = null, string? refusal = null)
    {
        AwsSession session = actions is null ? new AwsSession("AKIANOBODY", "", "") : await aws.S3.AssumeRoleAsync(Policy(actions, null), Cancel);
        var endpoints = Own(await AwsEndpoints.StartAsync(Cancel, session, refusal));
        _onAws = true;
        Environment["AWS_ENDPOINT_URL_S3"] = aws.S3.Endpoint.ToString();
        Environment["AWS_ENDPOINT_URL_STS"] = endpoints.Url;
        Show(endpoints.Url, "https://sts.us-east-1.amazonaws.com");
        return endpoints;
    }

    /// <summary>Has the configuration name the store, and nothing its token service.</summary>
    public void StayOffAws()
    {
        _onAws = false;
        Environment.Remove("AWS_ENDPOINT_URL_STS");
    }

    /// <summary>Ends a server with the case.</summary>
    public T Own<T>(T server) where T : IAsyncDisposable
    {
        _servers.Add(server);
        return server;
    }

    /// <summary>Has something that is another one in each run shown as an example.</summary>
    public void Show(string text, string shown) => _shown.Add((text, shown));

    /// <summary>A message as it stands on the page.</summary>
    public string Shown(string message) => _shown.Aggregate(
        message.Replace(Bucket, "docker-registry", StringComparison.Ordinal), (text, each) => text.Replace(each.Text, each.Shown, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private AmazonS3Client Owner() => aws.S3.CreateClient(S3Account.AccessKey, S3Account.SecretKey);

    private string Policy(IEnumerable<string> actions, string? prefix)
    {
        string condition = prefix is null ? "" : $$""","Condition":{"StringEquals":{"s3:prefix":"{{prefix}}"} }""";
        IEnumerable<string> statements = actions.Select(action => action == "s3:ListBucket"
            ? $$"""{"Effect":"Allow","Action":"{{action}}","Resource":"arn:aws:s3:::{{Bucket}}"{{condition}}}"""
            : $$"""{"Effect":"Allow","Action":"{{action}}","Resource":"arn:aws:s3:::{{Bucket}}/*"}""");
        return $$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""";
    }
}
