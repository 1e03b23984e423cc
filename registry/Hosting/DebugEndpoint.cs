using System.Text.Json;
using LocalRegistry.Registry.Mirror;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace LocalRegistry.Registry.Hosting;

/// <summary>
/// What is answered on <c>http.debug.addr</c>: <c>/debug/health</c>, 200 while the registry is well and 503 with the reason otherwise; and
/// <c>/debug/mirrors</c>, how often and when last it was asked for images of the hosts that it stands in for.
/// </summary>
internal sealed class DebugEndpoint(StoreHealth health, MirrorTable mirrors, MirrorRecord record)
{
    private const string Mark = "debug";

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
                string? problem = health.Problem;
                await SendAsync(context.Response, problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
                {
                    if (problem is not null)
                    {
                        json.WriteString("storagedriver", problem);
                    }
                });
                break;

            case "/debug/mirrors" when mirrors.Exists:
                await SendAsync(context.Response, StatusCodes.Status200OK, record.WriteTo);
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
