using LocalRegistry.Registry.Telemetry;
using Xunit;

namespace LocalRegistry.Registry.Tests.Telemetry;

public sealed class OtlpSettingsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("OTEL_TRACES_EXPORTER=none OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318")]
    [InlineData("OTEL_SDK_DISABLED=true OTEL_TRACES_EXPORTER=otlp")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c:4318")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=")]
    [InlineData("OTEL_SERVICE_NAME=registry")]
    public void Read_sends_nothing_unless_it_is_asked_for(string variables)
    {
        Assert.Null(Read(variables, out string? problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("OTEL_TRACES_EXPORTER=otlp", "http://localhost:4318/v1/traces", false)]
    [InlineData("OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "http://localhost:4317/", true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "http://c:4318/v1/traces", false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=https://c/otlp/", "https://c/otlp/v1/traces", false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317 OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "http://c:4317/", true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://t/in OTEL_EXPORTER_OTLP_ENDPOINT=http://c", "http://t/in", false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf", "http://c/v1/traces", false)]
    public void Read_takes_the_endpoint_as_opentelemetry_has_it(string variables, string endpoint, bool isGrpc)
    {
        OtlpSettings settings = Read(variables, out _)!;

        Assert.Equal((new Uri(endpoint), isGrpc, TimeSpan.FromSeconds(10)), (settings.Endpoint, settings.IsGrpc, settings.Timeout));
    }

    [Theory]
    [InlineData("OTEL_TRACES_EXPORTER=console", "OTEL_TRACES_EXPORTER: must be otlp or none, not \"console\"")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector", "OTEL_EXPORTER_OTLP_ENDPOINT: must be an http or https URL without user and password, such as http://collector.example.com:4318")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://u:secret@c", "OTEL_EXPORTER_OTLP_ENDPOINT: must be an http or https URL without user and password, such as http://collector.example.com:4318")]
    [InlineData("OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=http/json", "OTEL_EXPORTER_OTLP_PROTOCOL: must be http/protobuf or grpc, not \"http/json\"")]
    [InlineData("OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=5s", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: must be a number of milliseconds, not \"5s\"")]
    public void Read_refuses_what_it_cannot_do(string variables, string expected)
    {
        Assert.Null(Read(variables, out string? problem));
        Assert.Equal(expected, problem);
    }

    private static OtlpSettings? Read(string variables, out string? problem) => OtlpSettings.Read(
        variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]), out problem);
}
