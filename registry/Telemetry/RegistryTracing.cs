using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LocalRegistry.Registry.Telemetry;

/// <summary>
/// Spans of requests and of what they ask of the store, sent to a collector (OpenTelemetry). It is there only if the environment asks for it.
/// </summary>
internal sealed class RegistryTracing : IDisposable
{
    private const string Name = "LocalRegistry.Registry";

    private readonly ActivitySource _source = new(Name);
    private readonly TracerProvider _provider;

    public RegistryTracing(OtlpSettings settings, ILogger<RegistryTracing> logger)
    {
        // The SDK's own variables of batches (OTEL_BSP_*) and sampling (OTEL_TRACES_SAMPLER) are read by it.
        var batch = new BatchExportActivityProcessorOptions();
        var processor = new BatchActivityExportProcessor(
            new SpanExporter(settings, logger), batch.MaxQueueSize, batch.ScheduledDelayMilliseconds, batch.ExporterTimeoutMilliseconds, batch.MaxExportBatchSize);
        _provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(Name)
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("registry").AddTelemetrySdk().AddEnvironmentVariableDetector())
            .AddProcessor(processor)
            .Build();
    }

    /// <summary>Begins the span of a request, in the client's trace if it tells one (W3C Trace Context); null if it is not sampled.</summary>
    public Activity? BeginRequest(HttpRequest request)
    {
        // The server has an activity of its own for each request, which is never sent: it must not be anybody's parent.
        Activity.Current = null;
        ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out ActivityContext parent);
        string method = MethodName.ForSpan(request.Method);
        Activity? activity = _source.StartActivity(method, ActivityKind.Server, parent);
        if (activity is { IsAllDataRequested: true })
        {
            // The query is left out: it may hold signatures.
            activity.SetTag("http.request.method", method);
            activity.SetTag("url.scheme", request.Scheme);
            activity.SetTag("url.path", request.Path.Value);
            activity.SetTag("network.protocol.version", request.Protocol.StartsWith("HTTP/", StringComparison.Ordinal) ? request.Protocol[5..] : request.Protocol);
            activity.SetTag("client.address", request.HttpContext.Connection.RemoteIpAddress?.ToString());
            activity.SetTag("user_agent.original", request.Headers.UserAgent.ToString());
        }

        return activity;
    }

    /// <summary>Begins the span of an action of the store; null outside of a request that is traced.</summary>
    /// <param name="driver">The storage driver.</param>
    /// <param name="action">The action.</param>
    /// <param name="key">The object's key, or a prefix.</param>
    public Activity? BeginAction(string driver, string action, string key)
    {
        if (Activity.Current is not { } parent || parent.Source != _source)
        {
            return null;
        }

        Activity? activity = _source.StartActivity($"{driver} {action}", driver == "s3aws" ? ActivityKind.Client : ActivityKind.Internal);
        activity?.SetTag("registry.storage.key", key);
        return activity;
    }

    // What has ended is sent before the process does.
    public void Dispose()
    {
        _provider.Dispose();
        _source.Dispose();
    }
}
