using System.Text.Json;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>The node's registry, as seen from beside it.</summary>
internal sealed class NodeRegistry : IDisposable
{
    // It is on the same machine; what takes longer is no answer.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client;
    private readonly Uri[] _canaries;
    private readonly Uri? _mirrors;

    public NodeRegistry(MirrorConfiguration configuration)
    {
        // The tags of the canary: to ask for them is no pull, and leaves no mark in the registry's own record.
        _canaries = [.. configuration.Mirrors.Select(m => new Uri(
            $"http://{configuration.Registry}/v2/{Canary.Repository}/tags/list?ns={Uri.EscapeDataString(Canary.HostFor(m.Host))}"))];
        _mirrors = configuration.Debug is { } debug ? new Uri($"http://{debug}/debug/mirrors") : null;
        // No proxy of the environment stands between a node and itself, and nothing leads elsewhere.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = Timeout }) { Timeout = Timeout };
    }

    /// <summary>
    /// Whether the registry answers for every host. One that runs by an earlier <c>mirrors.yml</c>, or without any, answers too, and would take an
    /// image of a host for one of its own.
    /// </summary>
    public async Task<bool> StandsInAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (Uri canary in _canaries)
            {
                using HttpResponseMessage answer = await _client.GetAsync(canary, HttpCompletionOption.ResponseHeadersRead, cancellation);
                if (!answer.IsSuccessStatusCode)
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception e) when (IsNoAnswer(e, cancellation))
        {
            return false;
        }
    }

    /// <summary>When the registry was last asked for an image of a host that it stands in for; null if it does not say.</summary>
    public async Task<DateTimeOffset?> LastRequestAsync(CancellationToken cancellation)
    {
        if (_mirrors is null)
        {
            return null;
        }

        try
        {
            await using Stream answer = await _client.GetStreamAsync(_mirrors, cancellation);
            using JsonDocument document = await JsonDocument.ParseAsync(answer, cancellationToken: cancellation);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("last", out JsonElement last)
                && last.ValueKind == JsonValueKind.String
                && last.TryGetDateTimeOffset(out DateTimeOffset time) ? time : null;
        }
        catch (Exception e) when (e is JsonException || IsNoAnswer(e, cancellation))
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();

    private static bool IsNoAnswer(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);
}
