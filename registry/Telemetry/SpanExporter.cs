using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace LocalRegistry.Registry.Telemetry;

/// <summary>Sends spans by OTLP, and logs when that begins to fail and when it works again: the library itself says it nowhere.</summary>
internal sealed partial class SpanExporter(OtlpSettings settings, ILogger logger) : OtlpTraceExporter(settings.ToOptions())
{
    private bool _fails;

    public override ExportResult Export(in Batch<Activity> batch)
    {
        ExportResult result = base.Export(batch);
        bool fails = result != ExportResult.Success;
        if (fails && !_fails)
        {
            LogFailing(settings.Endpoint);
        }
        else if (_fails && !fails)
        {
            LogWorks(settings.Endpoint);
        }

        _fails = fails;
        return result;
    }

    [LoggerMessage(1, LogLevel.Warning, "traces cannot be sent to {Endpoint}; they are dropped until that works")]
    private partial void LogFailing(Uri endpoint);

    [LoggerMessage(2, LogLevel.Information, "traces are sent to {Endpoint} again")]
    private partial void LogWorks(Uri endpoint);
}
