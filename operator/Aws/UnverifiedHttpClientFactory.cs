using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;
using HttpClientFactory = Amazon.Runtime.HttpClientFactory;

namespace LocalRegistry.Operator.Aws;

/// <summary>Connections to a store whose certificate nobody vouches for, as the configuration says (<c>storage.s3.skipverify</c>).</summary>
internal sealed class UnverifiedHttpClientFactory : HttpClientFactory
{
    [SuppressMessage("Security", "CA5359", Justification = "It is what the configuration asks for in so many words.")]
    [SuppressMessage("Reliability", "CA2000", Justification = "The client owns its handler.")]
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        return new HttpClient(handler) { Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan };
    }

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => true;

    public override string GetConfigUniqueString(IClientConfig clientConfig) => nameof(UnverifiedHttpClientFactory);
}
