namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>s3</c> driver (<c>storage.s3</c>).</summary>
public sealed record S3Driver : StorageDriver
{
    /// <summary>The smallest part that S3 takes: 5 MiB.</summary>
    public const int MinimumChunkSize = 5 * 1024 * 1024;

    /// <summary>The largest part: two of them make up all the memory that uploads may take.</summary>
    public const int MaximumChunkSize = 32 * 1024 * 1024;

    /// <summary>The bucket's name.</summary>
    public required string Bucket { get; init; }

    /// <summary>The bucket's region.</summary>
    public required string Region { get; init; }

    /// <summary>A store other than AWS's: its URL. Null means AWS.</summary>
    public Uri? RegionEndpoint { get; init; }

    /// <summary>Whether the bucket is AWS's own: an endpoint may be one of AWS's too, such as that of a private link, dual stack or FIPS.</summary>
    public bool IsAws => RegionEndpoint?.Host is not { } host
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

    /// <summary>The KMS key for every write; null with <see cref="Encrypt"/> means S3's own keys (AES256).</summary>
    public string? KeyId { get; init; }

    /// <summary>Whether S3 is spoken to over TLS. A scheme in <see cref="RegionEndpoint"/> has the last word.</summary>
    public bool Secure { get; init; } = true;

    /// <summary>The size of an upload's parts, in bytes.</summary>
    public int ChunkSize { get; init; } = 10 * 1024 * 1024;

    /// <summary>The storage class of new objects; null sends no header.</summary>
    public string? StorageClass { get; init; } = "STANDARD";

    /// <summary>The prefix of all keys, without slashes at its ends; empty for none.</summary>
    public string RootDirectory { get; init; } = "";

    /// <summary>Where the registry keeps everything, with a slash at its end.</summary>
    public string ObjectPrefix => RootDirectory.Length == 0 ? "docker/registry/v2/" : $"{RootDirectory}/docker/registry/v2/";

    /// <summary>Shows no secret.</summary>
    public override string ToString() => $"s3 {{ Bucket = {Bucket}, Region = {Region}, RootDirectory = {RootDirectory} }}";
}
