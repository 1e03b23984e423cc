using System.Net;
using Amazon.S3;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Registry.Checks;

/// <summary>Says what an S3 error means to the person who set the registry up.</summary>
internal static class S3Answer
{
    // What AWS adds to say why is of use up to here; what follows are request ids and encoded authorization messages.
    private const int LongestQuote = 300;

    public static CheckOutcome OutcomeOf(AmazonS3Exception e) =>
        e.StatusCode == HttpStatusCode.NotImplemented ? CheckOutcome.Failed
        : e.StatusCode >= HttpStatusCode.InternalServerError || e.StatusCode == 0 ? CheckOutcome.Unknown
        : CheckOutcome.Failed;

    public static string Explain(AmazonS3Exception e, S3Driver driver, string action, string resource) => (e.ErrorCode, e.StatusCode) switch
    {
        ("NoSuchBucket", _) => $"there is no bucket {driver.Bucket}: create it, or correct storage.s3.bucket",
        ("InvalidAccessKeyId", _) => "the access key id is not known to the store: correct the credentials",
        ("SignatureDoesNotMatch", _) => "the secret access key does not belong to the access key id: correct the credentials",
        ("ExpiredToken" or "TokenRefreshRequired", _) => "the credentials have expired: renew them",
        ("InvalidToken", _) => "the session token does not belong to the access key id, or is damaged: correct the credentials",
        ("RequestTimeTooSkewed", _) => "the node's clock differs from the store's by more than 15 minutes: set it right",
        ("PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException", _) or (_, HttpStatusCode.MovedPermanently) =>
            $"the bucket is not in {driver.Region}: correct storage.s3.region ({Quote(e)})",
        ("KMS.DisabledException", _) => $"the KMS key{Named(driver)} is disabled: enable it (aws kms enable-key), or encrypt with another ({Quote(e)})",
        ("KMS.NotFoundException", _) => $"there is no KMS key{Named(driver)} in {driver.Region}: correct storage.s3.keyid, or the bucket's default encryption ({Quote(e)})",
        ("KMS.KMSInvalidStateException" or "KMS.InvalidStateException", _) =>
            $"the KMS key{Named(driver)} cannot be used, being deleted, imported or replicated: cancel its deletion, or encrypt with another ({Quote(e)})",
        ("KMS.InvalidKeyUsageException", _) => $"the KMS key{Named(driver)} is not for encryption: name a symmetric key ({Quote(e)})",
        ({ } code, _) when code.StartsWith("KMS.", StringComparison.Ordinal) => $"KMS refuses the key{Named(driver)} ({Quote(e)})",
        (_, HttpStatusCode.Forbidden) when AccessDenial.TryParse(e.Message) is { } denial => $"denied: {denial.Advice(resource)}",
        (_, HttpStatusCode.Forbidden) => $"denied: allow {action} on {resource} ({Quote(e)}){Otherwise(driver, action)}",
        ("NotImplemented", _) => $"the store cannot do what {action} asks for here ({Quote(e)})",
        _ => Quote(e),
    };

    /// <summary>What a call that got no answer, or none that it could read, says.</summary>
    public static string Unanswered(Exception e, S3Driver driver) =>
        $"no answer from {driver.RegionEndpoint?.ToString().TrimEnd('/') ?? $"S3 in {driver.Region}"}: {(e is OperationCanceledException or TimeoutException ? "it took too long" : Innermost(e).Message)}; "
        + $"check {(driver.RegionEndpoint is null ? "" : "storage.s3.regionendpoint and ")}the node's network; this is tried again by itself";

    // What else may be behind a denial that gives no reason.
    private static string Otherwise(S3Driver driver, string action) => action switch
    {
        "s3:ListBucket" when !driver.IsAws => ", or correct the credentials: stores other than AWS's may answer so to a wrong key, too",
        "s3:PutObject" when !driver.Encrypt => ", or set storage.s3.encrypt to true: the bucket's policy may deny uploads that name no encryption",
        "s3:ListBucket" => "",
        _ => ", and see that no statement of the bucket's policy denies it",
    };

    private static string Named(S3Driver driver) => driver.KeyId is null ? " of the bucket" : $" {driver.KeyId}";

    private static string Quote(AmazonS3Exception e)
    {
        string message = e.Message.ReplaceLineEndings(" ").Trim();
        return message.Length == 0 ? e.ErrorCode : $"{e.ErrorCode}: {(message.Length > LongestQuote ? message[..LongestQuote] + "..." : message)}";
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
