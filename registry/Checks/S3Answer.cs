using System.Net;
using Amazon.S3;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Registry.Checks;

/// <summary>Says what an S3 error means to the person who set the registry up.</summary>
internal static class S3Answer
{
    public static CheckOutcome OutcomeOf(AmazonS3Exception e) =>
        e.StatusCode >= HttpStatusCode.InternalServerError || e.StatusCode == 0 ? CheckOutcome.Unknown : CheckOutcome.Failed;

    public static string Explain(AmazonS3Exception e, S3Driver driver, string action, string resource) => (e.ErrorCode, e.StatusCode) switch
    {
        ("NoSuchBucket", _) => $"there is no bucket {driver.Bucket}: create it, or correct storage.s3.bucket",
        ("InvalidAccessKeyId", _) => "the access key id is not known to the store: correct the credentials",
        ("SignatureDoesNotMatch", _) => "the secret access key does not belong to the access key id: correct the credentials",
        ("ExpiredToken", _) => "the credentials have expired",
        ("RequestTimeTooSkewed", _) => "the node's clock differs from the store's by more than 15 minutes: set it right",
        ("PermanentRedirect" or "AuthorizationHeaderMalformed", _) or (_, HttpStatusCode.MovedPermanently) =>
            $"the bucket is not in {driver.Region}: correct storage.s3.region ({e.Message})",
        (_, HttpStatusCode.Forbidden) => $"denied: allow {action} on {resource} ({e.ErrorCode}: {e.Message})",
        _ => $"{e.ErrorCode}: {e.Message}",
    };
}
