namespace LocalRegistry.Registry.Configuration;

/// <summary>Refuses what each key of <c>storage.s3</c> may say and S3 cannot do together, at the key that is best taken out.</summary>
internal static class S3Combinations
{
    /// <param name="section"><c>storage.s3</c>.</param>
    /// <param name="driver">What was read of it.</param>
    /// <param name="redirects">Whether clients are sent to S3 for blobs.</param>
    public static void Refuse(Section section, S3Driver driver, bool redirects)
    {
        foreach ((bool isRefused, string key, string reason) in Rules(driver, redirects))
        {
            if (isRefused)
            {
                section.Invalid(key, reason);
            }
        }
    }

    private static IEnumerable<(bool IsRefused, string Key, string Reason)> Rules(S3Driver driver, bool redirects) =>
    [
        (driver is { KeyId: not null, Encrypt: false }, "keyid", "has no effect without encrypt: true; add it, or remove the key"),
        (driver is { Dsse: true, Encrypt: false }, "dsse", "has no effect without encrypt: true; add it, or remove the key"),
        (driver is { Accelerate: true, RegionEndpoint: not null }, "accelerate", "cannot go with regionendpoint: acceleration has hosts of its own; remove one of the two"),
        (driver is { Accelerate: true, UseFipsEndpoint: true }, "accelerate", "cannot go with usefipsendpoint: no accelerated host is FIPS validated; remove one of the two"),
        (driver.Accelerate && driver.Bucket.Contains('.', StringComparison.Ordinal), "accelerate", "cannot be used with a bucket whose name has a dot; remove it"),
        (driver is { Accelerate: true, ForcePathStyle: true }, "accelerate", "cannot go with forcepathstyle: the bucket's name is in the accelerated host's; remove one of the two"),
        (driver.Accelerate && BucketArn.PartitionOf(driver.Region) != "aws", "accelerate", $"is not there in {driver.Region}; remove it"),
        (driver is { UseDualStack: true, RegionEndpoint: not null }, "usedualstack", "cannot go with regionendpoint, which says what host to use; remove one of the two"),
        (driver is { UseFipsEndpoint: true, RegionEndpoint: not null }, "usefipsendpoint", "cannot go with regionendpoint, which says what host to use; remove one of the two"),
        (driver is { UseFipsEndpoint: true, RegionEndpoint: null, Secure: false }, "usefipsendpoint", "needs TLS; remove it, or secure: false"),
        (driver.UseFipsEndpoint && BucketArn.PartitionOf(driver.Region) == "aws-cn", "usefipsendpoint", $"is not there in {driver.Region}; remove it"),
        (driver.RedirectEndpoint is not null && !redirects, "redirectendpoint",
            "has no effect without storage.redirect.disable: false, which is not the default here: this registry serves content itself; add it, or remove the key"),
    ];
}
