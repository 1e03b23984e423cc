using Amazon.Runtime;
using HttpClientFactory = Amazon.Runtime.HttpClientFactory;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>Gives the SDK one connection pool whose connections are opened fast, renewed, and sent no <c>Expect</c> header.</summary>
/// <param name="skipVerify">Whether any certificate of the server's is taken.</param>
internal sealed class S3HttpClientFactory(bool skipVerify) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
        };
        if (skipVerify)
        {
#pragma warning disable CA5359 // It is what the configuration asks for in so many words (storage.s3.skipverify).
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return new HttpClient(new WithoutExpect(handler)) { Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan };
    }

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => true;

    public override string GetConfigUniqueString(IClientConfig clientConfig) => $"{nameof(S3HttpClientFactory)}, skipVerify: {skipVerify}";

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
