using Amazon.Runtime;
using LocalRegistry.Registry.Telemetry;
using HttpClientFactory = Amazon.Runtime.HttpClientFactory;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>Gives the SDK one connection pool whose connections are opened fast, renewed, cut when they stall, and sent no <c>Expect</c> header.</summary>
/// <param name="skipVerify">Whether any certificate of the server's is taken.</param>
/// <param name="userAgent">What is added to the <c>User-Agent</c> of each request; null for nothing.</param>
/// <param name="timeouts">How long the store is waited for.</param>
/// <param name="metrics">Counts each request; null for nobody.</param>
internal sealed class S3HttpClientFactory(bool skipVerify, string? userAgent, S3Timeouts timeouts, RegistryMetrics? metrics = null) : HttpClientFactory
{
    private static int _counted;

    // The SDK keeps one pool for all factories that give the same text; what is counted must not be another registry's.
    private readonly string _name = $"{nameof(S3HttpClientFactory)} {timeouts}, skipVerify: {skipVerify}, userAgent: {userAgent}"
        + (metrics is null ? "" : $", counted: {Interlocked.Increment(ref _counted)}");

    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = timeouts.Connect,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
        };
        if (skipVerify)
        {
#pragma warning disable CA5359 // It is what the configuration asks for in so many words (storage.s3.skipverify).
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return new HttpClient(Counted(new Headers(new StallGuard(timeouts, handler), userAgent))) { Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan };
    }

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => true;

    public override string GetConfigUniqueString(IClientConfig clientConfig) => $"{_name}, timeout: {clientConfig.Timeout}";

    private HttpMessageHandler Counted(HttpMessageHandler inner) => metrics is null ? inner : new S3RequestCounter(metrics, inner);

    private sealed class Headers(HttpMessageHandler inner, string? userAgent) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // "Expect: 100-continue" costs every write a round trip before its body.
            request.Headers.ExpectContinue = false;
            if (userAgent is not null)
            {
                // It is not among what is signed, and the SDK makes its own up later than any of its events comes.
                request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
