namespace LocalRegistry.Registry.Telemetry;

/// <summary>A request's method, of which clients may make up any number.</summary>
internal static class MethodName
{
    /// <summary>The method as Docker's registry writes it in metrics.</summary>
    public static string ForMetric(string method) => method switch
    {
        "GET" => "get",
        "HEAD" => "head",
        "POST" => "post",
        "PUT" => "put",
        "PATCH" => "patch",
        "DELETE" => "delete",
        "OPTIONS" => "options",
        _ => "unknown",
    };

    /// <summary>The method as OpenTelemetry's semantic conventions write it.</summary>
    public static string ForSpan(string method) => ForMetric(method) == "unknown" ? "_OTHER" : method;
}
