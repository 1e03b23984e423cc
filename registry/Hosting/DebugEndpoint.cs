using System.Text.Json;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Hosting.Health;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace LocalRegistry.Registry.Hosting;

/// <summary>
/// What is answered on <c>http.debug.addr</c>: <c>/debug/health</c>, 200 while the registry is well and 503 with the reasons otherwise;
/// <c>/debug/mirrors</c>, how often and when last it was asked for images of the hosts that it stands in for; and metrics, under a path of their own.
/// </summary>
internal sealed class DebugEndpoint(
    HealthMonitor health, MirrorTable mirrors, MirrorRecord record, HttpConfiguration http, RegistryMetrics? metrics = null)
{
    private const string Mark = "debug";
    private const string MetricsType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Marks the connections of the debug listener.</summary>
    public static ConnectionDelegate MarkConnections(ConnectionDelegate next) => connection =>
    {
        connection.Items[Mark] = true;
        return next(connection);
    };

    /// <summary>Whether a request came in through the debug listener.</summary>
    public static bool Received(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Mark) == true;

    public async Task HandleAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/debug/health":
                IReadOnlyList<KeyValuePair<string, string>> problems = health.Problems;
                await SendAsync(context.Response, problems.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
                {
                    foreach ((string name, string problem) in problems)
                    {
                        json.WriteString(name, problem);
                    }
                });
                break;

            case "/debug/mirrors" when mirrors.Exists:
                await SendAsync(context.Response, StatusCodes.Status200OK, record.WriteTo);
                break;

            case { } path when metrics is not null && path == http.MetricsPath:
                context.Response.ContentType = MetricsType;
                await metrics.WriteAsync(context.Response.Body, context.RequestAborted);
                break;

            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private static async Task SendAsync(HttpResponse response, int status, Action<Utf8JsonWriter> writeMembers)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        writeMembers(json);
        json.WriteEndObject();
    }
}
