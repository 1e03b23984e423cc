using System.Text.Json;

namespace LocalRegistry.Registry.Http;

/// <summary>Sends one JSON object with its length; a HEAD request gets the length alone.</summary>
internal static class JsonBody
{
    /// <summary>Sends the object.</summary>
    /// <param name="response">The response; its status is set already.</param>
    /// <param name="writeMembers">Writes what stands between the braces.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    public static Task SendAsync(HttpResponse response, Action<Utf8JsonWriter> writeMembers, CancellationToken cancellationToken) =>
        SendAsync(response, "application/json", writeMembers, cancellationToken);

    /// <summary>Sends the object under a media type of its own.</summary>
    /// <param name="response">The response; its status is set already.</param>
    /// <param name="mediaType">The object's media type.</param>
    /// <param name="writeMembers">Writes what stands between the braces.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    public static async Task SendAsync(HttpResponse response, string mediaType, Action<Utf8JsonWriter> writeMembers, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        response.ContentType = mediaType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            await response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), cancellationToken);
        }
    }
}
