using System.Globalization;
using OpenTelemetry.Exporter;

namespace LocalRegistry.Registry.Telemetry;

/// <summary>Where traces are sent, as OpenTelemetry's variables have it (OTLP exporter specification).</summary>
/// <param name="Endpoint">The URL that spans are posted to.</param>
/// <param name="IsGrpc">Whether they are sent by gRPC; else by HTTP with protobuf.</param>
/// <param name="Headers">Further headers, as <c>name=value</c> joined by commas. They may be secret.</param>
/// <param name="Timeout">How long one call may take.</param>
internal sealed record OtlpSettings(Uri Endpoint, bool IsGrpc, string? Headers, TimeSpan Timeout)
{
    private const string Exporter = "OTEL_TRACES_EXPORTER";
    private const string Otlp = "otlp";
    private const string HttpPath = "v1/traces";

    /// <summary>
    /// Reads the variables. Traces are asked for by <c>OTEL_TRACES_EXPORTER=otlp</c> or by an endpoint; unlike Docker's registry, nothing is sent
    /// to localhost where neither is there.
    /// </summary>
    /// <param name="environment">The process' variables.</param>
    /// <param name="problem">What is wrong, with the variable's name; null if all is well.</param>
    /// <returns>Null if no traces are asked for, or if something is wrong.</returns>
    public static OtlpSettings? Read(IReadOnlyDictionary<string, string> environment, out string? problem)
    {
        problem = null;
        (string? endpoint, string endpointName) = Find(environment, "ENDPOINT");
        string? exporter = Value(environment, Exporter)?.Trim();
        bool isDisabled = "true".Equals(Value(environment, "OTEL_SDK_DISABLED"), StringComparison.OrdinalIgnoreCase);
        if (isDisabled || (exporter ?? (endpoint is null ? "none" : Otlp)) == "none")
        {
            return null;
        }

        if (exporter is not (null or Otlp))
        {
            problem = $"{Exporter}: must be {Otlp} or none, not \"{exporter}\"";
            return null;
        }

        (string? protocol, string protocolName) = Find(environment, "PROTOCOL");
        if (protocol is not (null or "http/protobuf" or "grpc"))
        {
            problem = $"{protocolName}: must be http/protobuf or grpc, not \"{protocol}\"";
            return null;
        }

        bool isGrpc = protocol == "grpc";
        string url = endpoint ?? (isGrpc ? "http://localhost:4317" : "http://localhost:4318");
        bool isWhole = isGrpc || endpointName == VariableOfTraces("ENDPOINT");
        if (!Uri.TryCreate(isWhole ? url : $"{url.TrimEnd('/')}/{HttpPath}", UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
        {
            problem = $"{endpointName}: must be an http or https URL without user and password, such as http://collector.example.com:4318";
            return null;
        }

        (string? timeout, string timeoutName) = Find(environment, "TIMEOUT");
        if (!int.TryParse(timeout ?? "10000", NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) || milliseconds == 0)
        {
            problem = $"{timeoutName}: must be a number of milliseconds, not \"{timeout}\"";
            return null;
        }

        return new OtlpSettings(uri, isGrpc, Find(environment, "HEADERS").Value, TimeSpan.FromMilliseconds(milliseconds));
    }

    /// <summary>The same for the library.</summary>
    public OtlpExporterOptions ToOptions() => new()
    {
        Endpoint = Endpoint,
        Protocol = IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
        Headers = Headers,
        TimeoutMilliseconds = (int)Timeout.TotalMilliseconds,
    };

    private static string VariableOfTraces(string name) => $"OTEL_EXPORTER_OTLP_TRACES_{name}";

    // What is said of traces comes before what is said of every kind of signal.
    private static (string? Value, string Name) Find(IReadOnlyDictionary<string, string> environment, string name)
    {
        string ofTraces = VariableOfTraces(name);
        string ofAll = $"OTEL_EXPORTER_OTLP_{name}";
        return Value(environment, ofTraces) is { } value ? (value, ofTraces) : (Value(environment, ofAll), ofAll);
    }

    private static string? Value(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;
}
