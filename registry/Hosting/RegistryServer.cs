using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Hosting.Health;
using LocalRegistry.Registry.Http;
using LocalRegistry.Registry.Logging;
using LocalRegistry.Registry.Login;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Storage.Uploads;
using LocalRegistry.Registry.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace LocalRegistry.Registry.Hosting;

/// <summary>Puts the registry together and onto its ports.</summary>
internal static class RegistryServer
{
    /// <summary>Memory that uploads may gather parts in, in bytes; it is more where two parts are.</summary>
    private const int UploadMemory = 24 * 1024 * 1024;

    /// <summary>Memory that uploads may keep whose clients are away, in bytes.</summary>
    private const int RestingUploads = 64 * 1024 * 1024;

    /// <param name="configuration">What to serve, and where.</param>
    /// <param name="mirrors">The image hosts that it stands in for; null for none.</param>
    /// <param name="tls">How it speaks TLS; null for plain HTTP. It is there exactly if the configuration asks for it.</param>
    /// <param name="users">Who may use it; null for everybody. They are there exactly if the configuration asks for them.</param>
    /// <param name="traces">Where traces are sent; null for nowhere.</param>
    /// <param name="replace">Registers other services in place of those that the configuration asks for.</param>
    public static WebApplication Create(
        RegistryConfiguration configuration,
        MirrorConfiguration? mirrors = null,
        ServerTls? tls = null,
        HtpasswdFile? users = null,
        OtlpSettings? traces = null,
        Action<IServiceCollection>? replace = null)
    {
        if (configuration.Htpasswd is not null)
        {
            ArgumentNullException.ThrowIfNull(users);
        }

        if (configuration.Http.Tls is not null)
        {
            ArgumentNullException.ThrowIfNull(tls);
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddRegistryLogging(configuration.Log);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            ServerLimits.Apply(kestrel.Limits);
            if (configuration.Http.SocketPath is { } socket)
            {
                kestrel.ListenUnixSocket(socket, listener => Secure(listener, configuration.Http, tls));
            }
            else
            {
                Listen(kestrel, configuration.Http.Address, listener => Secure(listener, configuration.Http, tls));
            }

            if (configuration.Http.DebugAddress is { } debug)
            {
                Listen(kestrel, debug, listener => listener.Use(DebugEndpoint.MarkConnections));
            }
        });
        // What a socket is read ahead is a limit of its own, beside that of the bodies which are taken apart.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.MaxReadBufferSize = ServerLimits.ReadAhead);
        AddServices(builder.Services, configuration);
        AddTelemetry(builder.Services, configuration, traces);
        builder.Services.AddSingleton(mirrors is null ? MirrorTable.None : new MirrorTable(mirrors));
        if (tls is not null)
        {
            builder.Services.AddSingleton(tls);
            builder.Services.AddHostedService<CertificateRenewal>();
        }

        if (users is not null)
        {
            builder.Services.AddSingleton(users);
            builder.Services.AddSingleton<PasswordChecks>();
            builder.Services.AddSingleton<BasicLogin>();
        }

        replace?.Invoke(builder.Services);

        WebApplication app = builder.Build();
        RegistryHandler registry = app.Services.GetRequiredService<RegistryHandler>();
        DebugEndpoint debugEndpoint = app.Services.GetRequiredService<DebugEndpoint>();
        AccessLog accessLog = app.Services.GetRequiredService<AccessLog>();
        if (app.Services.GetService<RegistryMetrics>() is { } metrics)
        {
            UploadStore uploads = app.Services.GetRequiredService<UploadStore>();
            metrics.WatchUploads(() => uploads.Open);
            MirrorRecord record = app.Services.GetRequiredService<MirrorRecord>();
            metrics.WatchMirrors(() => record.Requests);
        }

        RequestObserver observer = app.Services.GetRequiredService<RequestObserver>();
        RequestDelegate handle = observer.IsOn ? context => observer.ObserveAsync(context, registry.HandleAsync) : registry.HandleAsync;
        app.Run(context => DebugEndpoint.Received(context) ? debugEndpoint.HandleAsync(context) : accessLog.LogAsync(context, handle));
        return app;
    }

    private static void Secure(ListenOptions listener, HttpConfiguration http, ServerTls? tls)
    {
        listener.Protocols = tls is not null && http.Http2 ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
        if (tls is not null)
        {
            listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.Options()) });
        }
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, Action<ListenOptions> configure)
    {
        if (address.Ip is null)
        {
            kestrel.ListenAnyIP(address.Port, configure);
        }
        else
        {
            kestrel.Listen(address.Ip, address.Port, configure);
        }
    }

    private static void AddServices(IServiceCollection services, RegistryConfiguration configuration)
    {
        int partSize = configuration.Storage.Driver is S3Driver s3 ? s3.ChunkSize : 2 * S3Driver.MinimumChunkSize;
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = configuration.Http.DrainTimeout;
            // A chore that fails in a way that it does not know is logged; the node goes on being served.
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        services.AddSingleton(configuration);
        services.AddSingleton(configuration.Http);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => CreateStore(provider, configuration.Storage.Driver));
        services.AddSingleton(provider => new DescriptorCache(configuration.Storage.DescriptorCacheSize, provider.GetService<RegistryMetrics>()));
        services.AddSingleton(_ => new PartBuffers(partSize, Math.Max(2, UploadMemory / partSize), RestingUploads));
        services.AddSingleton<LinkStore>();
        services.AddSingleton<ContentStore>();
        services.AddSingleton<ManifestDeletion>();
        services.AddSingleton<BlobStore>();
        services.AddSingleton<ManifestStore>();
        services.AddSingleton<RepositoryListing>();
        services.AddSingleton<ReferrerListing>();
        services.AddSingleton(provider => CreateUploads(provider, configuration.Http));
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
        services.AddSingleton(provider => HealthProbes.Create(
            configuration, provider.GetRequiredService<IObjectStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<HealthMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<HealthMonitor>());
        services.AddHostedService<IdleUploads>();
        if (configuration.Storage.UploadPurging is { } purging)
        {
            services.AddSingleton(purging);
            services.AddSingleton<UploadPurge>();
            services.AddHostedService<UploadPurging>();
        }
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

    // What nobody asks for is not made at all.
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
