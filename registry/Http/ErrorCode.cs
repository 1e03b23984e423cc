namespace LocalRegistry.Registry.Http;

/// <summary>The error codes of the OCI distribution-spec (Error Codes) and of Docker's registry, each with its status.</summary>
/// <param name="Code">The code in the response's body.</param>
/// <param name="Status">The HTTP status.</param>
internal sealed record ErrorCode(string Code, int Status)
{
    public static readonly ErrorCode BlobUnknown = new("BLOB_UNKNOWN", 404);
    public static readonly ErrorCode BlobUploadInvalid = new("BLOB_UPLOAD_INVALID", 400);
    public static readonly ErrorCode BlobUploadUnknown = new("BLOB_UPLOAD_UNKNOWN", 404);
    public static readonly ErrorCode ChunkOutOfOrder = new("BLOB_UPLOAD_INVALID", 416);
    public static readonly ErrorCode Denied = new("DENIED", 403);
    public static readonly ErrorCode DigestInvalid = new("DIGEST_INVALID", 400);
    public static readonly ErrorCode ManifestBlobUnknown = new("MANIFEST_BLOB_UNKNOWN", 400);
    public static readonly ErrorCode ManifestInvalid = new("MANIFEST_INVALID", 400);
    public static readonly ErrorCode ManifestTooLarge = new("MANIFEST_INVALID", 413);
    public static readonly ErrorCode ManifestUnknown = new("MANIFEST_UNKNOWN", 404);
    public static readonly ErrorCode NameInvalid = new("NAME_INVALID", 400);
    public static readonly ErrorCode NameUnknown = new("NAME_UNKNOWN", 404);
    public static readonly ErrorCode NotFound = new("UNSUPPORTED", 404);
    public static readonly ErrorCode PageNumberInvalid = new("PAGINATION_NUMBER_INVALID", 400);
    public static readonly ErrorCode RangeInvalid = new("RANGE_INVALID", 416);
    public static readonly ErrorCode SizeInvalid = new("SIZE_INVALID", 400);
    public static readonly ErrorCode SizeTooLarge = new("SIZE_INVALID", 413);
    public static readonly ErrorCode TagInvalid = new("TAG_INVALID", 400);
    public static readonly ErrorCode TooManyTags = new("TAG_INVALID", 414);
    public static readonly ErrorCode TooManyRequests = new("TOOMANYREQUESTS", 429);
    public static readonly ErrorCode Unauthorized = new("UNAUTHORIZED", 401);
    public static readonly ErrorCode Unavailable = new("UNAVAILABLE", 503);
    public static readonly ErrorCode Unknown = new("UNKNOWN", 500);
    public static readonly ErrorCode Unsupported = new("UNSUPPORTED", 405);
}
