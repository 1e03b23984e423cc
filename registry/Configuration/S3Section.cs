using System.Text.RegularExpressions;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>storage.s3</c>.</summary>
internal static partial class S3Section
{
    private const int LongestUserAgent = 256;

    private static readonly string[] StorageClasses =
    [
        "NONE", "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "OUTPOSTS", "GLACIER_IR", "EXPRESS_ONEZONE",
    ];

    private static readonly string[] ObjectAcls =
    [
        "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control",
    ];

    /// <param name="section">The section.</param>
    /// <param name="redirects">Whether clients are sent to S3 for blobs (<c>storage.redirect</c>).</param>
    public static S3Driver Read(Section section, bool redirects)
    {
        string bucket = section.RequiredText("bucket", "name the bucket");
        if (bucket.Length > 0 && !BucketName().IsMatch(bucket))
        {
            section.Invalid("bucket", $"\"{bucket}\" cannot be a bucket's name: 3 to 63 lower-case letters, digits, dots and hyphens");
        }

        string region = section.RequiredText("region", "name the bucket's region, such as us-east-1");
        if (region.Length > 0 && !RegionName().IsMatch(region))
        {
            section.Invalid("region", $"\"{region}\" cannot be a region's name");
        }

        bool secure = section.Flag("secure", true);
        Uri? endpoint = Endpoint(section, "regionendpoint", secure);
        string? accessKey = section.Text("accesskey");
        string? secretKey = section.Text("secretkey");
        if (accessKey is null != secretKey is null)
        {
            section.Invalid(accessKey is null ? "secretkey" : "accesskey", "goes with its other half: set accesskey and secretkey, or neither");
        }

        if (!section.Flag("v4auth", true))
        {
            section.Invalid("v4auth", "must be true: S3 takes no older signature");
        }

        string storageClass = OneOf(section, "storageclass", StorageClasses) ?? "STANDARD";
        var driver = new S3Driver
        {
            Bucket = bucket,
            Region = region,
            RegionEndpoint = endpoint,
            ForcePathStyle = section.Flag("forcepathstyle", endpoint is not null),
            AccessKey = accessKey,
            SecretKey = secretKey,
            Encrypt = section.Flag("encrypt", false),
            KeyId = section.Text("keyid"),
            Dsse = section.Flag("dsse", false),
            Secure = endpoint is null ? secure : endpoint.Scheme == Uri.UriSchemeHttps,
            SkipVerify = section.Flag("skipverify", false),
            UseDualStack = section.Flag("usedualstack", false),
            Accelerate = section.Flag("accelerate", false),
            UseFipsEndpoint = section.Flag("usefipsendpoint", false),
            RedirectEndpoint = Endpoint(section, "redirectendpoint", secure),
            UserAgent = UserAgent(section),
            ChunkSize = section.Integer("chunksize", 10 * 1024 * 1024, S3Driver.MinimumChunkSize, S3Driver.MaximumChunkSize),
            MultipartCopyChunkSize = section.Size("multipartcopychunksize", 32 * 1024 * 1024, S3Driver.MinimumChunkSize, S3Driver.MaximumCopySize),
            MultipartCopyMaxConcurrency = section.Integer("multipartcopymaxconcurrency", S3Driver.DefaultCopyConcurrency, 1, 1000),
            MultipartCopyThresholdSize = section.Size(
                "multipartcopythresholdsize",
                S3Driver.IsAwsEndpoint(endpoint) ? S3Driver.DefaultCopyThreshold : S3Driver.DefaultOtherCopyThreshold,
                0,
                S3Driver.MaximumCopySize),
            StorageClass = storageClass == "NONE" ? null : storageClass,
            ObjectAcl = OneOf(section, "objectacl", ObjectAcls),
            RootDirectory = (section.Text("rootdirectory") ?? "").Trim('/'),
        };
        if (section.Text("loglevel") is { } level && !level.Equals("off", StringComparison.OrdinalIgnoreCase))
        {
            section.Invalid("loglevel", "must be off: what a log of each call tells includes signed headers. Calls that fail are logged at log.level warn; remove the key");
        }

        section.Unsupported("sessiontoken", "is not supported, as in Docker's registry: the keys of a session end with it. Remove accesskey and secretkey, too, and "
            + "give all three by a credentials file, which is read anew when it changes, or by AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN");
        S3Combinations.Refuse(section, driver, redirects);
        section.End();
        return driver;
    }

    private static string? UserAgent(Section section)
    {
        string? text = section.Text("useragent");
        if (text is not null && (text.Length > LongestUserAgent || text.Any(c => c is < ' ' or > '~')))
        {
            section.Invalid("useragent", $"must be at most {LongestUserAgent} printable ASCII characters");
        }

        return text;
    }

    private static Uri? Endpoint(Section section, string key, bool secure)
    {
        string? text = section.Text(key);
        if (text is null)
        {
            return null;
        }

        string url = text.Contains("://", StringComparison.Ordinal) ? text : $"{(secure ? "https" : "http")}://{text}";
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? endpoint) && (endpoint.Scheme is "http" or "https") && endpoint.PathAndQuery == "/"
            && endpoint.UserInfo.Length == 0 && endpoint.Fragment.Length == 0)
        {
            return endpoint;
        }

        section.Invalid(key, $"must be a URL such as https://s3.example.com:9000, with nothing after the host, not \"{text}\"");
        return null;
    }

    private static string? OneOf(Section section, string key, string[] words)
    {
        string? text = section.Text(key);
        if (text is not null && !words.Contains(text))
        {
            section.Invalid(key, $"must be one of {string.Join(", ", words)}, not \"{text}\"");
        }

        return text;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();

    [GeneratedRegex("^[a-z0-9-]{1,40}$")]
    private static partial Regex RegionName();
}
