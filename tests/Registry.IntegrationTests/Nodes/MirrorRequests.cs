using System.Text.Json;

namespace LocalRegistry.Registry.IntegrationTests.Nodes;

/// <summary>What a registry's <c>/debug/mirrors</c> says.</summary>
internal static class MirrorRequests
{
    /// <summary>How often it has been asked for images of a host.</summary>
    /// <param name="debug">Host and port of its debug listener.</param>
    /// <param name="host">The host, as its mirrors.yml has it.</param>
    /// <param name="ct">Ends the request.</param>
    public static async Task<int> CountAsync(string debug, string host, CancellationToken ct)
    {
        using var client = new HttpClient();
        using JsonDocument record = JsonDocument.Parse(await client.GetStringAsync(new Uri($"http://{debug}/debug/mirrors"), ct));
        return record.RootElement.GetProperty("hosts").GetProperty(host).GetProperty("requests").GetInt32();
    }
}
