using System.Text.RegularExpressions;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>storage.s3</c>.</summary>
internal static partial class S3Section
{
    private static readonly string[] StorageClasses =
    [
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "OUTPOSTS", "GLACIER_IR", "EXPRESS_ONEZONE",
    ];

    public static S3Driver Read(Section section)
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
        Uri? endpoint = Endpoint(section, secure);
        bool encrypt = section.Flag("encrypt", false);
        string? keyId = section.Text("keyid");
        if (keyId is not null && !encrypt)
        {
            section.Invalid("keyid", "has no effect without encrypt: true; add it, or remove the key");
        }

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

        var driver = new S3Driver
        {
            Bucket = bucket,
            Region = region,
            RegionEndpoint = endpoint,
            ForcePathStyle = section.Flag("forcepathstyle", endpoint is not null),
            AccessKey = accessKey,
            SecretKey = secretKey,
            Encrypt = encrypt,
            KeyId = keyId,
            Secure = endpoint is null ? secure : endpoint.Scheme == Uri.UriSchemeHttps,
            ChunkSize = section.Integer("chunksize", 10 * 1024 * 1024, S3Driver.MinimumChunkSize, S3Driver.MaximumChunkSize),
            StorageClass = StorageClass(section),
            RootDirectory = (section.Text("rootdirectory") ?? "").Trim('/'),
        };
        foreach (string key in (ReadOnlySpan<string>)[
            "sessiontoken", "redirectendpoint", "skipverify", "multipartcopychunksize", "multipartcopymaxconcurrency",
            "multipartcopythresholdsize", "useragent", "usedualstack", "accelerate", "usefipsendpoint", "objectacl", "loglevel"])
        {
            section.Unsupported(key, "is not supported; remove it");
        }

        section.End();
        return driver;
    }

    private static Uri? Endpoint(Section section, bool secure)
    {
        string? text = section.Text("regionendpoint");
        if (text is null)
        {
            return null;
        }

        string url = text.Contains("://", StringComparison.Ordinal) ? text : $"{(secure ? "https" : "http")}://{text}";
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? endpoint) && (endpoint.Scheme is "http" or "https") && endpoint.AbsolutePath == "/")
        {
            return endpoint;
        }

        section.Invalid("regionendpoint", $"must be a URL such as https://s3.example.com:9000, not \"{text}\"");
        return null;
    }

    private static string? StorageClass(Section section)
    {
        string text = section.Text("storageclass") ?? "STANDARD";
        if (text == "NONE")
        {
            return null;
        }

        if (!StorageClasses.Contains(text))
        {
            section.Invalid("storageclass", $"must be NONE or one of {string.Join(", ", StorageClasses)}, not \"{text}\"");
        }

        return text;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();

    [GeneratedRegex("^[a-z0-9-]{1,40}$")]
    private static partial Regex RegionName();
}
