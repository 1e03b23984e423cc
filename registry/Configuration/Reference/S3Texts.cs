namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>What the keys of <c>storage.s3</c> mean.</summary>
internal static class S3Texts
{
    public static IReadOnlyList<KeyText> All { get; } =
    [
        new("storage.s3.bucket", "the bucket's name"),
        new("storage.s3.region", "the bucket's region"),
        new("storage.s3.rootdirectory", "prefix of all keys") { DefaultInWords = "none" },
        new("storage.s3.regionendpoint", "another store; without a scheme, `secure` decides") { DefaultInWords = "AWS", Values = "URL of a host" },
        new("storage.s3.redirectendpoint", "where clients are sent for blobs, if not to where the registry itself reaches S3; needs `storage.redirect.disable: false`")
        {
            DefaultInWords = "where the registry reaches S3",
            Values = "URL of a host",
        },
        new("storage.s3.forcepathstyle", "whether the bucket stands in the path instead of the host name") { DefaultInWords = "`true` with `regionendpoint`, else `false`" },
        new("storage.s3.accesskey", "with `secretkey`: credentials that do not change") { DefaultInWords = "the AWS credential chain" },
        new("storage.s3.secretkey", "the other half of `accesskey`") { DefaultInWords = "the AWS credential chain" },
        new("storage.s3.encrypt", "whether every write asks for server-side encryption by name: puts, uploads in parts, copies, and what `registry check` writes"),
        new("storage.s3.keyid", "the KMS key for every write; without it, `encrypt` means AES256, with `dsse` the key that AWS manages") { DefaultInWords = "none" },
        new("storage.s3.dsse", "whether KMS encrypts twice (`aws:kms:dsse`), with `keyid` or else the key that AWS manages; needs `encrypt: true`. No key of Docker's registry"),
        new("storage.s3.secure", "whether S3 is spoken to over TLS"),
        new("storage.s3.skipverify", "whether any certificate of S3's is taken, so that whoever is in between can read and answer. Where an authority of your own has signed it, name that in "
            + "`SSL_CERT_FILE` instead"),
        new("storage.s3.v4auth", "must be `true`: S3 takes no older signature"),
        new("storage.s3.usedualstack", "whether AWS is reached at its hosts for IPv4 and IPv6; not with `regionendpoint`"),
        new("storage.s3.accelerate", "whether AWS is reached through Transfer Acceleration, which the bucket must have enabled; not with `regionendpoint`, `forcepathstyle`, "
            + "`usefipsendpoint`, a dot in the bucket's name, or outside of AWS's commercial regions"),
        new("storage.s3.usefipsendpoint", "whether AWS is reached at its hosts with FIPS 140 validated cryptography, which regions in the USA and Canada have; not with `regionendpoint`, "
            + "`secure: false` or regions in China"),
        new("storage.s3.chunksize", "part size of uploads in bytes, from 5 MiB to 32 MiB"),
        new("storage.s3.multipartcopychunksize", "part size of copies in bytes, from 5 MiB to 5 GiB"),
        new("storage.s3.multipartcopymaxconcurrency", "parts of one copy at once (Docker's registry: 100)"),
        new("storage.s3.multipartcopythresholdsize", "up to this size in bytes an object is copied in one call, which takes AWS a second for each 100 MB; at most 5 GiB; with an endpoint other than AWS's the default is `536870912`"),
        new("storage.s3.storageclass", "the storage class of new objects; `NONE` sends no header")
        {
            Default = "STANDARD",
            Values = "`NONE`, `STANDARD`, `REDUCED_REDUNDANCY`, `STANDARD_IA`, `ONEZONE_IA`, `INTELLIGENT_TIERING`, `OUTPOSTS`, `GLACIER_IR`, `EXPRESS_ONEZONE`",
        },
        new("storage.s3.objectacl", "the canned access list of new objects. Needs the right `s3:PutObjectAcl`, and a bucket that does not enforce its owner's")
        {
            DefaultInWords = "no header",
            Values = "`private`, `public-read`, `public-read-write`, `authenticated-read`, `aws-exec-read`, `bucket-owner-read`, `bucket-owner-full-control`",
        },
        new("storage.s3.useragent", "added to the `User-Agent` of every call") { DefaultInWords = "nothing", Values = "at most 256 printable ASCII characters" },
        new("storage.s3.loglevel", "must be `off`: a log of each call would tell signed headers; calls that fail are logged at `log.level: warn`") { Default = "off", Values = "`off`" },
    ];
}
