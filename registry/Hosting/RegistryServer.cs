using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Http;
using LocalRegistry.Registry.Logging;
using LocalRegistry.Registry.Login;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Storage.Uploads;
using LocalRegistry.Registry.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace LocalRegistry.Registry.Hosting;

/// <summary>Puts the registry together and onto its ports.</summary>
internal static class RegistryServer
{
    /// <param name="configuration">What to serve, and where.</param>
    /// <param name="mirrors">The image hosts that it stands in for; null for none.</param>
    /// <param name="tls">How it speaks TLS; null for plain HTTP. It is there exactly if the configuration asks for it.</param>
    /// <param name="users">Who may use it; null for everybody. They are there exactly if the configuration asks for them.</param>
    /// <param name="traces">Where traces are sent; null for nowhere.</param>
    /// <param name="replace">Registers other services in place of those that the configuration asks for.</param>
    /// <param name="cache">The node's cache; null for none.</param>
    public static WebApplication Create(
        RegistryConfiguration configuration,
        MirrorConfiguration? mirrors = null,
        ServerTls? tls = null,
        HtpasswdFile? users = null,
        OtlpSettings? traces = null,
        Action<IServiceCollection>? replace = null,
        NodeCacheSettings? cache = null)
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
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionMemory>();
        // What a socket is read ahead is a limit of its own, beside that of the bodies which are taken apart.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.MaxReadBufferSize = ServerLimits.ReadAhead);
        RegistryServices.Add(builder.Services, configuration, mirrors, tls, users, traces, cache);
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
        if (tls is null)
        {
            listener.Use(SocketWriter.Use);
        }
        else
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
}
