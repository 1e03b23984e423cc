using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// Signs URLs that give one object to whoever has them, without a further credential, for <see cref="Lifetime"/> or until the registry's own
/// credentials end, if that is sooner.
/// </summary>
internal sealed class S3Presigner : IDisposable
{
    /// <summary>How long a URL is good: as long as in Docker's registry.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);

    private readonly AmazonS3Client _client;
    private readonly S3Driver _driver;
    private readonly TimeProvider _time;

    public S3Presigner(S3Driver driver, TimeProvider time)
    {
        _driver = driver.RedirectEndpoint is { } endpoint ? At(driver, endpoint) : driver;
        _client = S3ClientFactory.CreateS3(_driver);
        _time = time;
    }

    /// <summary>The URL of an object; S3 is not asked whether it is there.</summary>
    /// <param name="key">The object's key, without the root directory.</param>
    /// <param name="isHead">Whether it is for a HEAD request, which a URL for GET is refused with.</param>
    /// <exception cref="StoreException">There are no credentials to sign with.</exception>
    public async Task<string> SignAsync(string key, bool isHead)
    {
        var request = new GetPreSignedUrlRequest
        {
            BucketName = _driver.Bucket,
            Key = _driver.KeyOf(key),
            Verb = isHead ? HttpVerb.HEAD : HttpVerb.GET,
            Protocol = _driver.Secure ? Protocol.HTTPS : Protocol.HTTP,
            Expires = _time.GetUtcNow().UtcDateTime + Lifetime,
        };
        try
        {
            return await _client.GetPreSignedURLAsync(request);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            throw new StoreException(StoreFailure.Unavailable, $"no URL of {_driver.Bucket}/{request.Key} can be signed: {e.Message}", e);
        }
    }

    public void Dispose() => _client.Dispose();

    // Where the bucket's name goes before the host, Docker's registry takes the endpoint with it, and S3's clients without.
    private static S3Driver At(S3Driver driver, Uri endpoint)
    {
        string prefix = $"{driver.Bucket}.";
        var host = new UriBuilder(endpoint);
        if (!driver.ForcePathStyle && host.Host.StartsWith(prefix, StringComparison.Ordinal))
        {
            host.Host = host.Host[prefix.Length..];
        }

        return driver with
        {
            RegionEndpoint = host.Uri,
            Secure = endpoint.Scheme == Uri.UriSchemeHttps,
            Accelerate = false,
            UseDualStack = false,
            UseFipsEndpoint = false,
        };
    }
}
