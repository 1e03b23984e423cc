namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>What the keys of <c>storage.s3</c> mean.</summary>
internal static class S3Texts
{
    public static IReadOnlyList<KeyText> All { get; } =
    [
        new("storage.s3.bucket", "the bucket's name"),
        new("storage.s3.region", "the bucket's region"),
        new("storage.s3.rootdirectory", "prefix of all keys") { DefaultInWords = "none" },
        new("storage.s3.regionendpoint", "another store; without a scheme, `secure` decides") { DefaultInWords = "AWS", Values = "URL" },
        new("storage.s3.forcepathstyle", "whether the bucket stands in the path instead of the host name") { DefaultInWords = "`true` with `regionendpoint`, else `false`" },
        new("storage.s3.accesskey", "with `secretkey`: credentials that do not change") { DefaultInWords = "the AWS credential chain" },
        new("storage.s3.secretkey", "the other half of `accesskey`") { DefaultInWords = "the AWS credential chain" },
        new("storage.s3.encrypt", "whether every write asks for server-side encryption by name"),
        new("storage.s3.keyid", "the KMS key for every write; without it, `encrypt` means AES256") { DefaultInWords = "none" },
        new("storage.s3.secure", "whether S3 is spoken to over TLS"),
        new("storage.s3.v4auth", "must be `true`: S3 takes no older signature"),
        new("storage.s3.chunksize", "part size of uploads in bytes, from 5 MiB to 32 MiB"),
        new("storage.s3.storageclass", "the storage class of new objects; `NONE` sends no header")
        {
            Default = "STANDARD",
            Values = "`STANDARD`, `REDUCED_REDUNDANCY`, `STANDARD_IA`, `ONEZONE_IA`, `INTELLIGENT_TIERING`, `OUTPOSTS`, `GLACIER_IR`, `EXPRESS_ONEZONE`, `NONE`",
        },
    ];
}
