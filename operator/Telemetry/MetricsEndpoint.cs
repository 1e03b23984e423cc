using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace LocalRegistry.Operator.Telemetry;

/// <summary>Answers <c>/metrics</c> as Prometheus reads it.</summary>
internal static class MetricsEndpoint
{
    private const string Path = "/metrics";

    // Each resource has some dozens of series in one gauge, or one for each node. Room is taken when it is used.
    private const int SeriesPerGauge = 20_000;

    public static void Add(IServiceCollection services) => services.AddOpenTelemetry().WithMetrics(metrics => metrics
        .AddMeter(OperatorMetrics.MeterName)
        .AddView(ResourceGauges.Condition, new MetricStreamConfiguration { CardinalityLimit = SeriesPerGauge })
        .AddView(MirrorGauges.LastRequest, new MetricStreamConfiguration { CardinalityLimit = SeriesPerGauge })
        .AddView(ResourceGauges.Check, new MetricStreamConfiguration { CardinalityLimit = SeriesPerGauge })
        .AddPrometheusExporter(exporter =>
        {
            // The names are written as they are to be read. There is one scope, and Prometheus knows what it scrapes.
            exporter.TranslationStrategy = PrometheusAspNetCoreTranslationStrategy.UnderscoreEscapingWithoutSuffixes;
            exporter.ScopeInfoEnabled = false;
            exporter.TargetInfoEnabled = false;
        }));

    public static void Map(IEndpointRouteBuilder app) => app.MapPrometheusScrapingEndpoint(Path);
}
