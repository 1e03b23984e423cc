using System.Text.Json.Nodes;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Grants;

/// <summary>The bucket of a template, with its settings.</summary>
internal static class TemplateBucket
{
    public const string Bucket = "Bucket";
    public const string NameParameter = "BucketName";
    public const string VersioningParameter = "Versioning";
    public const string IsVersioned = "IsVersioned";

    // Long enough to put back what was deleted by mistake.
    private const int NoncurrentDays = 30;

    public static JsonObject Build(S3Driver driver, TemplateKey? key) => new()
    {
        ["Type"] = "AWS::S3::Bucket",
        ["DeletionPolicy"] = "Retain",
        ["UpdateReplacePolicy"] = "Retain",
        ["Properties"] = new JsonObject
        {
            ["BucketName"] = Intrinsic.Ref(NameParameter),
            ["BucketEncryption"] = new JsonObject { ["ServerSideEncryptionConfiguration"] = new JsonArray(Encryption(driver, key)) },
            ["PublicAccessBlockConfiguration"] = new JsonObject
            {
                ["BlockPublicAcls"] = true,
                ["BlockPublicPolicy"] = true,
                ["IgnorePublicAcls"] = true,
                ["RestrictPublicBuckets"] = true,
            },
            ["OwnershipControls"] = new JsonObject { ["Rules"] = new JsonArray(new JsonObject { ["ObjectOwnership"] = "BucketOwnerEnforced" }) },
            ["VersioningConfiguration"] = Intrinsic.OnlyIf(IsVersioned, new JsonObject { ["Status"] = "Enabled" }),
            ["LifecycleConfiguration"] = new JsonObject { ["Rules"] = new JsonArray(AbortRule(), Intrinsic.OnlyIf(IsVersioned, NoncurrentRule())) },
        },
    };

    private static JsonObject Encryption(S3Driver driver, TemplateKey? key)
    {
        // What the configuration says on each write goes before the bucket's default, so the two are made to agree.
        if (key is null && driver.KeyId is null && !driver.Dsse)
        {
            return new JsonObject { ["ServerSideEncryptionByDefault"] = new JsonObject { ["SSEAlgorithm"] = "AES256" } };
        }

        var method = new JsonObject { ["SSEAlgorithm"] = driver.Dsse ? driver.EncryptionMethod : "aws:kms" };
        if (key is not null || driver.KeyId is not null)
        {
            method["KMSMasterKeyID"] = key?.Arn() ?? driver.KeyId;
        }

        // Dual-layer encryption asks KMS for each object.
        var rule = new JsonObject { ["ServerSideEncryptionByDefault"] = method };
        if (!driver.Dsse)
        {
            rule["BucketKeyEnabled"] = true;
        }

        return rule;
    }

    private static JsonObject AbortRule() => new()
    {
        ["Id"] = "AbortIncompleteUploads",
        ["Status"] = "Enabled",
        ["AbortIncompleteMultipartUpload"] = new JsonObject { ["DaysAfterInitiation"] = 1 },
    };

    private static JsonObject NoncurrentRule() => new()
    {
        ["Id"] = "ExpireNoncurrentVersions",
        ["Status"] = "Enabled",
        ["NoncurrentVersionExpiration"] = new JsonObject { ["NoncurrentDays"] = NoncurrentDays },
    };
}
