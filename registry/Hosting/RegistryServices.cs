using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Hosting.Health;
using LocalRegistry.Registry.Http;
using LocalRegistry.Registry.Login;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Storage.Reading;
using LocalRegistry.Registry.Storage.Uploads;
using LocalRegistry.Registry.Telemetry;

namespace LocalRegistry.Registry.Hosting;

/// <summary>Says what the registry is made of. What nobody asks for is not made at all.</summary>
internal static class RegistryServices
{
    /// <summary>Memory that uploads may gather parts in, in bytes; it is more where two parts are.</summary>
    private const int UploadMemory = 24 * 1024 * 1024;

    /// <summary>Memory that uploads may keep whose clients are away, in bytes.</summary>
    private const int RestingUploads = 64 * 1024 * 1024;

    /// <inheritdoc cref="RegistryServer.Create"/>
    public static void Add(
        IServiceCollection services,
        RegistryConfiguration configuration,
        MirrorConfiguration? mirrors,
        ServerTls? tls,
        HtpasswdFile? users,
        OtlpSettings? traces,
        NodeCacheSettings? cache)
    {
        AddHost(services, configuration);
        AddStorage(services, configuration);
        AddEndpoints(services, configuration);
        AddTelemetry(services, configuration, traces);
        if (cache is not null)
        {
            AddCache(services, cache, configuration.Storage.Driver);
        }

        services.AddSingleton(mirrors is null ? MirrorTable.None : new MirrorTable(mirrors));
        if (tls is not null)
        {
            services.AddSingleton(tls);
            services.AddHostedService<CertificateRenewal>();
        }

        if (users is not null)
        {
            services.AddSingleton(users);
            services.AddSingleton<PasswordChecks>();
            services.AddSingleton<BasicLogin>();
        }
    }

    private static void AddHost(IServiceCollection services, RegistryConfiguration configuration)
    {
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = configuration.Http.DrainTimeout;
            // A chore that fails in a way that it does not know is logged; the node goes on being served.
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        services.AddSingleton(configuration);
        services.AddSingleton(configuration.Http);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => HealthProbes.Create(
            configuration, provider.GetRequiredService<IObjectStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<HealthMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<HealthMonitor>());
    }

    private static void AddStorage(IServiceCollection services, RegistryConfiguration configuration)
    {
        int partSize = configuration.Storage.Driver is S3Driver s3 ? s3.ChunkSize : 2 * S3Driver.MinimumChunkSize;
        services.AddSingleton(provider => CreateStore(provider, configuration.Storage.Driver));
        services.AddSingleton(provider => new DescriptorCache(
            configuration.Storage.DescriptorCacheSize, provider.GetService<RegistryMetrics>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ManifestCache>();
        if (configuration.Storage is { DescriptorCacheSize: > 0, DeleteEnabled: false } && configuration.Validation.NeedsBlobs)
        {
            services.AddSingleton<VouchedBlobs>();
        }

        services.AddSingleton(_ => new PartBuffers(partSize, Math.Max(2, UploadMemory / partSize), RestingUploads));
        services.AddSingleton(CreateLinks);
        services.AddSingleton<ContentStore>();
        services.AddSingleton<ManifestDeletion>();
        services.AddSingleton<BlobStore>();
        services.AddSingleton<ManifestStore>();
        services.AddSingleton<RepositoryListing>();
        services.AddSingleton<ReferrerListing>();
        services.AddSingleton(provider => CreateUploads(provider, configuration.Http));
        services.AddHostedService<IdleUploads>();
        if (configuration.Storage.UploadPurging is { } purging)
        {
            services.AddSingleton(purging);
            services.AddSingleton<UploadPurge>();
            services.AddHostedService<UploadPurging>();
        }
    }

    private static void AddEndpoints(IServiceCollection services, RegistryConfiguration configuration)
    {
        services.AddSingleton<LocationBuilder>();
        services.AddSingleton<BlobEndpoints>();
        if (configuration.Storage is { RedirectEnabled: true, Driver: S3Driver redirected })
        {
            services.AddSingleton(provider => new S3Presigner(redirected, provider.GetRequiredService<TimeProvider>()));
        }

        services.AddSingleton<ManifestEndpoints>();
        services.AddSingleton<ManifestContentCheck>();
        services.AddSingleton<ManifestPushEndpoint>();
        services.AddSingleton<DeleteEndpoints>();
        services.AddSingleton<UploadEndpoints>();
        services.AddSingleton<ListEndpoints>();
        services.AddSingleton<ReferrerEndpoints>();
        services.AddSingleton<CanaryEndpoints>();
        services.AddSingleton<MirrorRecord>();
        services.AddSingleton<RegistryHandler>();
        services.AddSingleton<DebugEndpoint>();
        services.AddSingleton<AccessLog>();
    }

    private static void AddCache(IServiceCollection services, NodeCacheSettings cache, StorageDriver driver)
    {
        services.AddSingleton(cache);
        services.AddSingleton<RangeFetcher>();
        services.AddSingleton(provider => new DiskCache(
            provider.GetRequiredService<IObjectStore>(),
            provider.GetRequiredService<RangeFetcher>(),
            cache,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DiskCache>>(),
            provider.GetService<RegistryMetrics>()?.AddCache(cache.Size)));
        services.AddSingleton(provider => new CacheVerifier(
            cache,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CacheVerifier>>(),
            provider.GetRequiredService<DiskCache>().Metrics));
        services.AddHostedService<CacheMaintenance>();
        services.AddSingleton<INodeRecords>(provider => new DiskRecords(provider.GetRequiredService<DiskCache>(), StoreFactory.LocationOf(driver)));
    }

    private static LinkStore CreateLinks(IServiceProvider provider)
    {
        LinkRecords? records = provider.GetService<INodeRecords>() is { } kept
            ? new LinkRecords(kept, provider.GetRequiredService<TimeProvider>(), provider.GetService<NodeCacheSettings>()?.ServesStale ?? true)
            : null;
        return new LinkStore(provider.GetRequiredService<IObjectStore>(), provider.GetRequiredService<DescriptorCache>(), records);
    }

    private static UploadStore CreateUploads(IServiceProvider provider, HttpConfiguration http)
    {
        IObjectStore store = provider.GetRequiredService<IObjectStore>();
        TimeProvider time = provider.GetRequiredService<TimeProvider>();
        SharedUploads? shared = http.Secret is null ? null : new SharedUploads(store, time, provider.GetRequiredService<ILogger<SharedUploads>>());
        return new UploadStore(
            store,
            provider.GetRequiredService<BlobStore>(),
            provider.GetRequiredService<PartBuffers>(),
            time,
            provider.GetRequiredService<ILogger<UploadStore>>(),
            shared,
            http.MaxUploadSize);
    }

    private static void AddTelemetry(IServiceCollection services, RegistryConfiguration configuration, OtlpSettings? traces)
    {
        if (configuration.Http.MetricsPath is not null)
        {
            services.AddSingleton(new RegistryMetrics(StoreFactory.MetricNameOf(configuration.Storage.Driver)));
        }

        if (traces is not null)
        {
            services.AddSingleton(traces);
            services.AddSingleton<RegistryTracing>();
        }

        services.AddSingleton<RequestObserver>();
    }

    private static IObjectStore CreateStore(IServiceProvider provider, StorageDriver driver)
    {
        var metrics = provider.GetService<RegistryMetrics>();
        var tracing = provider.GetService<RegistryTracing>();
        IObjectStore store = StoreFactory.Create(driver, metrics);
        return metrics is null && tracing is null
            ? store
            : new ObservedStore(store, StoreFactory.MetricNameOf(driver), provider.GetRequiredService<TimeProvider>(), metrics, tracing);
    }
}
