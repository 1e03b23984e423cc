using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Grants;

/// <summary>What the registry's identity needs: exactly what its S3 driver calls, and nothing else.</summary>
internal static class RegistryRights
{
    // Stands for any object: no content has this digest.
    private static readonly string SampleBlob = $"blobs/sha256/00/{new string('0', 64)}/data";

    /// <param name="access">Whether nodes push.</param>
    /// <param name="driver">The configuration.</param>
    /// <param name="keyArn">The ARN of the KMS key that objects are encrypted with, if it is known: <c>keyid</c> resolved, or the bucket's default.</param>
    public static IReadOnlyList<Right> For(AccessMode access, S3Driver driver, string? keyArn)
    {
        string bucket = BucketArn.Of(driver);
        var rights = new List<Right>
        {
            // Twice, because one without a prefix is asked for too: S3 answers a GET of a missing object with 404 only to who may list the
            // bucket, and that question carries no s3:prefix. So a policy must not tie s3:ListBucket to a prefix.
            new("s3:ListBucket", bucket, bucket, RightContext.Request(driver),
                "without it a missing object is answered with 403 instead of 404, so every image that is not there looks like a fault"),
            new("s3:ListBucket", bucket, bucket, RightContext.List(driver), "tags and repositories are listed with it, and the registry's health is probed"),
            OnObjects("s3:GetObject", RightContext.Request(driver), "manifests and layers are read with it"),
        };
        if (access == AccessMode.ReadWrite)
        {
            rights.Add(OnObjects("s3:PutObject", RightContext.Write(driver, keyArn), "pushed layers, manifests and tags are written with it"));
            if (driver.ObjectAcl is not null)
            {
                rights.Add(OnObjects("s3:PutObjectAcl", RightContext.Write(driver, keyArn), "writes that name an access list, as spec.config.storage.s3.objectacl asks for, are denied without it"));
            }

            rights.Add(OnObjects("s3:DeleteObject", RightContext.Request(driver), "an upload's own object is removed with it once the layer lies in its place"));
            rights.Add(OnObjects("s3:AbortMultipartUpload", RightContext.Request(driver), "the parts of an interrupted push stay in the bucket, and are paid for, without it"));
            rights.Add(new Right("s3:ListBucketMultipartUploads", bucket, bucket, RightContext.Request(driver),
                "the parts that a registry has left which ended in the middle of a push are found with it (storage.maintenance.uploadpurging)",
                IsOptional: true));
        }

        if (KmsKeyScope.Of(driver, keyArn) is { } key)
        {
            // Also for pushing: what a multipart upload has begun is decrypted to go on, and a copy reads its source.
            rights.Add(OnKey("kms:Decrypt", "objects that are encrypted with the key are read with it"));
            if (access == AccessMode.ReadWrite)
            {
                rights.Add(OnKey("kms:GenerateDataKey", "objects that are encrypted with the key are written with it"));
            }

            Right OnKey(string action, string why) => new(action, key.Resource, key.Sample(), key.Context(), why);
        }

        return rights;

        Right OnObjects(string action, Dictionary<string, string> context, string why) => new(
            action, BucketArn.OfObjects(driver), BucketArn.OfObject(driver, driver.ObjectPrefix + SampleBlob), context, why);
    }
}
