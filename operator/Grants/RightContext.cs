using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Grants;

/// <summary>The condition keys that the registry's real requests carry.</summary>
internal static class RightContext
{
    public const string SecureTransport = "aws:SecureTransport";
    public const string Prefix = "s3:prefix";
    public const string Encryption = "s3:x-amz-server-side-encryption";
    public const string EncryptionKey = "s3:x-amz-server-side-encryption-aws-kms-key-id";

    /// <summary>Any request to S3: policies that demand TLS or signatures of version 4 look at these.</summary>
    public static Dictionary<string, string> Request(S3Driver driver) => new()
    {
        [SecureTransport] = driver.Secure ? "true" : "false",
        ["s3:authType"] = "REST-HEADER",
        ["s3:signatureversion"] = "AWS4-HMAC-SHA256",
    };

    /// <summary>A list of a folder.</summary>
    public static Dictionary<string, string> List(S3Driver driver) => new(Request(driver))
    {
        [Prefix] = $"{driver.ObjectPrefix}repositories/",
        ["s3:delimiter"] = "/",
    };

    /// <summary>A write, with what the registry says of encryption, storage class and access list on each.</summary>
    /// <param name="driver">The configuration.</param>
    /// <param name="keyArn">The ARN of the configuration's KMS key, if it is known.</param>
    public static Dictionary<string, string> Write(S3Driver driver, string? keyArn)
    {
        Dictionary<string, string> context = Request(driver);
        if (driver.EncryptionMethod is { } method)
        {
            context[Encryption] = method;
        }

        if (driver.KeyId is not null)
        {
            // S3 compares the key's ARN, whichever way the request names the key.
            context[EncryptionKey] = keyArn ?? driver.KeyId;
        }

        if (driver.StorageClass is not null)
        {
            context["s3:x-amz-storage-class"] = driver.StorageClass;
        }

        if (driver.ObjectAcl is not null)
        {
            context["s3:x-amz-acl"] = driver.ObjectAcl;
        }

        return context;
    }
}
