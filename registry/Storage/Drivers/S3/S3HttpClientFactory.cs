using System.Globalization;
using Amazon.Runtime;
using LocalRegistry.Registry.Telemetry;
using HttpClientFactory = Amazon.Runtime.HttpClientFactory;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>Gives the SDK one connection pool whose connections are opened fast, renewed, and sent no <c>Expect</c> header.</summary>
/// <param name="metrics">Counts each request; null for nobody.</param>
internal sealed class S3HttpClientFactory(RegistryMetrics? metrics = null) : HttpClientFactory
{
    private static int _counted;

    // The SDK keeps one pool for all factories that give the same text; what is counted must not be another registry's.
    private readonly string _name = nameof(S3HttpClientFactory)
        + (metrics is null ? "" : Interlocked.Increment(ref _counted).ToString(CultureInfo.InvariantCulture));

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(Counted(new WithoutExpect(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(3),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
    })))
    {
        Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan,
    };

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => true;

    public override string GetConfigUniqueString(IClientConfig clientConfig) => _name;

    private HttpMessageHandler Counted(HttpMessageHandler inner) => metrics is null ? inner : new S3RequestCounter(metrics, inner);

    // "Expect: 100-continue" costs every write a round trip before its body.
    private sealed class WithoutExpect(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
