using Amazon.Runtime;
using HttpClientFactory = Amazon.Runtime.HttpClientFactory;

namespace LocalRegistry.Operator.IntegrationTests.Grants;

/// <summary>
/// A connection for each request. This store refuses an upload without reading its body, and then takes the body for the beginning of the next
/// request on that connection, which it answers with 400.
/// </summary>
internal sealed class FreshConnections : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}
