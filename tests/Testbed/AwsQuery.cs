using System.Xml.Linq;

namespace LocalRegistry.Testbed;

/// <summary>Calls by AWS's Query protocol, unsigned: for servers that only look at who is said to call.</summary>
internal static class AwsQuery
{
    private static readonly HttpClient Client = new();

    /// <summary>Makes one call.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="service">The service, as it stands in a signature's scope.</param>
    /// <param name="version">The version of its API.</param>
    /// <param name="accessKey">Who calls.</param>
    /// <param name="action">The action, such as <c>CreateRole</c>.</param>
    /// <param name="parameters">Its parameters, as the Query protocol writes them.</param>
    /// <param name="ct">Ends the call.</param>
    /// <exception cref="HttpRequestException">It was refused; the message holds the answer.</exception>
    public static async Task<XDocument> CallAsync(
        Uri endpoint,
        string service,
        string version,
        string accessKey,
        string action,
        IEnumerable<KeyValuePair<string, string>> parameters,
        CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new FormUrlEncodedContent([new("Action", action), new("Version", version), .. parameters]),
        };
        // The service is told from the credential's scope.
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={accessKey}/20200101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=x");
        using var answer = await Client.SendAsync(request, ct);
        var xml = await answer.Content.ReadAsStringAsync(ct);
        return answer.IsSuccessStatusCode
            ? XDocument.Parse(xml)
            : throw new HttpRequestException($"{action} answered {(int)answer.StatusCode}: {xml}", null, answer.StatusCode);
    }
}
