namespace LocalRegistry.Registry.Http;

/// <summary>A request's outcome that is not success.</summary>
/// <param name="Code">Which of the closed set it is.</param>
/// <param name="Message">What was wrong and where, for a person.</param>
internal sealed record RegistryError(ErrorCode Code, string Message)
{
    /// <summary>Writes it as the OCI distribution-spec lays it out: <c>{"errors":[{"code":...,"message":...}]}</c>.</summary>
    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Code.Status;
        if (Code == ErrorCode.Unavailable || Code == ErrorCode.TooManyRequests)
        {
            response.Headers.RetryAfter = "1";
        }

        await JsonBody.SendAsync(
            response,
            json =>
            {
                json.WriteStartArray("errors");
                json.WriteStartObject();
                json.WriteString("code", Code.Code);
                json.WriteString("message", Message);
                json.WriteEndObject();
                json.WriteEndArray();
            },
            CancellationToken.None);
    }
}
