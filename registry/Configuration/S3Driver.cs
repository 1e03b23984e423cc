namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>s3</c> driver (<c>storage.s3</c>).</summary>
public sealed record S3Driver : StorageDriver
{
    /// <summary>The smallest part that S3 takes: 5 MiB.</summary>
    public const int MinimumChunkSize = 5 * 1024 * 1024;

    /// <summary>The largest part: 32 MiB. Two are gathered at once, whatever their size.</summary>
    public const int MaximumChunkSize = 32 * 1024 * 1024;

    /// <summary>The largest part of a copy, and the largest object that S3 copies in one call: 5 GiB.</summary>
    public const long MaximumCopySize = 5L * 1024 * 1024 * 1024;

    /// <summary>What <see cref="MultipartCopyMaxConcurrency"/> is if the configuration does not say. S3 moves the bytes, and a layer's copy gets no faster with more.</summary>
    public const int DefaultCopyConcurrency = 8;

    /// <summary>What <see cref="MultipartCopyThresholdSize"/> is for AWS if the configuration does not say: one call takes it a second for each 100 MB.</summary>
    public const long DefaultCopyThreshold = 32 * 1024 * 1024;

    /// <summary>What it is for other stores, which copy as fast in one call, or by reference: as much as a slow one copies before it must have answered.</summary>
    public const long DefaultOtherCopyThreshold = 512 * 1024 * 1024;

    /// <summary>The bucket's name.</summary>
    public required string Bucket { get; init; }

    /// <summary>The bucket's region.</summary>
    public required string Region { get; init; }

    /// <summary>A store other than AWS's: its URL. Null means AWS.</summary>
    public Uri? RegionEndpoint { get; init; }

    /// <summary>Whether the bucket is AWS's own: an endpoint may be one of AWS's too, such as that of a private link, dual stack or FIPS.</summary>
    public bool IsAws => IsAwsEndpoint(RegionEndpoint);

    /// <summary>Whether an endpoint is one of AWS's; null is.</summary>
    public static bool IsAwsEndpoint(Uri? endpoint) => endpoint?.Host is not { } host
        || host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".amazonaws.com.cn", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the bucket's name goes into the path instead of the host name. As in Docker's registry 2, a custom endpoint implies it.</summary>
    public bool ForcePathStyle { get; init; }

    /// <summary>Access key id; null means the AWS credential chain.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Secret access key; never logged.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Whether every write asks for server-side encryption by name.</summary>
    public bool Encrypt { get; init; }

    /// <summary>The KMS key for every write; null with <see cref="Encrypt"/> means S3's own keys (AES256), or with <see cref="Dsse"/> the key that AWS manages.</summary>
    public string? KeyId { get; init; }

    /// <summary>Whether KMS encrypts twice (dual-layer encryption).</summary>
    public bool Dsse { get; init; }

    /// <summary>What every write says in <c>x-amz-server-side-encryption</c>: <c>AES256</c>, <c>aws:kms</c> or <c>aws:kms:dsse</c>; null if it says nothing.</summary>
    public string? EncryptionMethod => !Encrypt ? null : Dsse ? "aws:kms:dsse" : KeyId is null ? "AES256" : "aws:kms";

    /// <summary>Whether S3 is spoken to over TLS. A scheme in <see cref="RegionEndpoint"/> has the last word.</summary>
    public bool Secure { get; init; } = true;

    /// <summary>Whether a certificate of S3's is taken whoever signed it, and for whatever host.</summary>
    public bool SkipVerify { get; init; }

    /// <summary>Whether AWS is reached at its hosts for IPv4 and IPv6.</summary>
    public bool UseDualStack { get; init; }

    /// <summary>Whether AWS is reached through Transfer Acceleration, which the bucket must have enabled.</summary>
    public bool Accelerate { get; init; }

    /// <summary>Whether AWS is reached at its hosts with FIPS 140 validated cryptography.</summary>
    public bool UseFipsEndpoint { get; init; }

    /// <summary>Where presigned URLs lead if not to where the registry itself reaches S3.</summary>
    public Uri? RedirectEndpoint { get; init; }

    /// <summary>What is added to the <c>User-Agent</c> of every call; null for nothing.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The size of an upload's parts, in bytes.</summary>
    public int ChunkSize { get; init; } = 10 * 1024 * 1024;

    /// <summary>The size of the parts of a copy, in bytes.</summary>
    public long MultipartCopyChunkSize { get; init; } = 32 * 1024 * 1024;

    /// <summary>How many parts of a copy are on their way at once.</summary>
    public int MultipartCopyMaxConcurrency { get; init; } = DefaultCopyConcurrency;

    /// <summary>Objects up to this size, in bytes, are copied in one call.</summary>
    public long MultipartCopyThresholdSize { get; init; } = DefaultCopyThreshold;

    /// <summary>The storage class of new objects; null sends no header.</summary>
    public string? StorageClass { get; init; } = "STANDARD";

    /// <summary>The canned access list of new objects; null sends no header.</summary>
    public string? ObjectAcl { get; init; }

    /// <summary>The prefix of all keys, without slashes at its ends; empty for none.</summary>
    public string RootDirectory { get; init; } = "";

    /// <summary>Where the registry keeps everything, with a slash at its end.</summary>
    public string ObjectPrefix => RootDirectory.Length == 0 ? "docker/registry/v2/" : $"{RootDirectory}/docker/registry/v2/";

    /// <summary>The whole key of an object that the registry knows by this one.</summary>
    public string KeyOf(string key) => RootDirectory.Length == 0 ? key : $"{RootDirectory}/{key}";

    /// <summary>Shows no secret.</summary>
    public override string ToString() => $"s3 {{ Bucket = {Bucket}, Region = {Region}, RootDirectory = {RootDirectory} }}";
}
