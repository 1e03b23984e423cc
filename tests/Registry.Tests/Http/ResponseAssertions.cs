using System.Net;
using System.Text.Json;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>What tests ask of a response.</summary>
internal static class ResponseAssertions
{
    /// <summary>A header that must be there once.</summary>
    public static string Header(this HttpResponseMessage response, string name) =>
        Assert.Single(response.Headers.NonValidated.TryGetValues(name, out var values) ? values : response.Content.Headers.NonValidated[name]);

    /// <summary>All headers that say something of the content, as one text.</summary>
    public static string ContentHeaders(this HttpResponseMessage response) => string.Join('\n', response.Headers.NonValidated
        .Concat(response.Content.Headers.NonValidated)
        .Where(h => h.Key != "Date")
        .Select(h => $"{h.Key}: {h.Value}")
        .Order(StringComparer.Ordinal));

    public static Task<byte[]> BytesAsync(this HttpResponseMessage response) => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Header("Content-Type"));
        using JsonDocument document = JsonDocument.Parse(await response.BytesAsync());
        return document.RootElement.Clone();
    }

    /// <summary>An error is <c>{"errors":[{"code":...,"message":...}]}</c> and nothing besides.</summary>
    public static async Task AssertErrorAsync(this HttpResponseMessage response, int status, string code)
    {
        AssertError(await response.JsonAsync(), code);
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal("registry/2.0", response.Header("Docker-Distribution-API-Version"));
    }

    public static void AssertError(JsonElement root, string code)
    {
        Assert.Equal(["errors"], root.EnumerateObject().Select(p => p.Name));
        JsonElement error = Assert.Single(root.GetProperty("errors").EnumerateArray());
        Assert.Equal(["code", "message"], error.EnumerateObject().Select(p => p.Name));
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }
}
