using Amazon.Runtime;
using HttpClientFactory = Amazon.Runtime.HttpClientFactory;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>Gives the SDK one connection pool whose connections are opened fast, renewed, cut when they stall, and sent no <c>Expect</c> header.</summary>
internal sealed class S3HttpClientFactory(S3Timeouts timeouts) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new WithoutExpect(new StallGuard(timeouts, new SocketsHttpHandler
    {
        ConnectTimeout = timeouts.Connect,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
    })))
    {
        // It would count the bytes of a body that is on its way.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => true;

    public override string GetConfigUniqueString(IClientConfig clientConfig) => $"{nameof(S3HttpClientFactory)} {timeouts}";

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
