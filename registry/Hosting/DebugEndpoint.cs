using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace LocalRegistry.Registry.Hosting;

/// <summary>What is answered on <c>http.debug.addr</c>: <c>/debug/health</c>, 200 while the registry is well and 503 with the reason otherwise.</summary>
internal sealed class DebugEndpoint(StoreHealth health)
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
        if (context.Request.Path != "/debug/health")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        string? problem = health.Problem;
        context.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        if (problem is not null)
        {
            json.WriteString("storagedriver", problem);
        }

        json.WriteEndObject();
    }
}
