using System.Threading.RateLimiting;
using Amazon;
using Amazon.Runtime;
using HttpClientFactory = Amazon.Runtime.HttpClientFactory;

namespace LocalRegistry.Operator.Aws.Calls;

/// <summary>
/// The one way by which the operator asks AWS anything: each request, a retry as well as a call for credentials, waits for its turn, ends in
/// time, and is counted.
/// </summary>
internal sealed class AwsCalls : HttpClientFactory, IDisposable
{
    private readonly TokenBucketRateLimiter _rate;
    private readonly ConcurrencyLimiter _concurrency;

    /// <param name="limits">How much may be asked.</param>
    /// <param name="count">Who counts.</param>
    /// <param name="transport">Sends the requests; null for the network.</param>
    public AwsCalls(AwsLimits limits, IAwsCallCounter count, HttpMessageHandler? transport = null)
    {
        _rate = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.Burst,
            TokensPerPeriod = limits.RequestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = limits.Queue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        _concurrency = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = limits.Concurrency,
            QueueLimit = limits.Queue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        transport ??= new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // The SDK follows what it wants to follow; a bucket in another region is an answer.
            AllowAutoRedirect = false,
        };
        Client = new HttpClient(new AwsCallHandler(limits, _rate, _concurrency, count, transport)) { Timeout = Timeout.InfiniteTimeSpan };
        OperationNames.Register();
    }

    /// <summary>For requests that do not go through the SDK: they say what they are by <see cref="AwsOperation.Key"/>.</summary>
    public HttpClient Client { get; }

    /// <summary>
    /// Has every client of the SDK made from now on go this way, unless its configuration names another. The SDK's credential providers make
    /// clients of their own, which no configuration reaches.
    /// </summary>
    public void UseForAllClients() => AWSConfigs.HttpClientFactory = this;

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => Client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose()
    {
        if (AWSConfigs.HttpClientFactory == this)
        {
            AWSConfigs.HttpClientFactory = null;
        }

        Client.Dispose();
        _rate.Dispose();
        _concurrency.Dispose();
    }
}
