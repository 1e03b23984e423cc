using System.Net;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Hosting;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>A registry whose S3 is behind a proxy of its own, and a client of it.</summary>
internal sealed class FaultBed : IAsyncDisposable
{
    private readonly WebApplication _server;

    private FaultBed(FaultProxy proxy, WebApplication server)
    {
        (Proxy, _server) = (proxy, server);
        Url = new Uri(server.Urls.Single());
        Client = new FaultClient(Url);
    }

    public FaultProxy Proxy { get; }

    /// <summary>Where the registry is.</summary>
    public Uri Url { get; }

    public FaultClient Client { get; }

    /// <param name="s3">The S3 server.</param>
    /// <param name="bucket">A bucket.</param>
    /// <param name="root">The registry's folder in it.</param>
    /// <param name="timeouts">How long the registry waits for S3; null for as long as usual.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<FaultBed> StartAsync(S3Fixture s3, string bucket, string root, S3Timeouts? timeouts, CancellationToken cancellationToken)
    {
        FaultProxy proxy = await FaultProxy.StartAsync(s3.Server.Endpoint, cancellationToken);
        S3Driver driver = s3.Driver(bucket) with { RegionEndpoint = proxy.Url, RootDirectory = root, ChunkSize = S3Driver.MinimumChunkSize };
        var configuration = new RegistryConfiguration
        {
            Storage = new StorageConfiguration { Driver = driver, DeleteEnabled = true },
            Http = new HttpConfiguration { Address = new ListenAddress(IPAddress.Loopback, 0) },
            Log = new LogConfiguration { Level = LogThreshold.Warn },
        };
        WebApplication server = RegistryServer.Create(configuration, replace: services =>
            services.AddSingleton<IObjectStore>(_ => new S3Store(driver, S3ClientFactory.CreateS3(driver, timeouts: timeouts), timeouts)));
        await server.StartAsync(cancellationToken);
        return new FaultBed(proxy, server);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        await Proxy.DisposeAsync();
    }
}
