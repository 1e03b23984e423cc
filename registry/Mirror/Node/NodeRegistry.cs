using System.Net;
using System.Text.Json;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>The node's registry, as seen from beside it.</summary>
internal sealed class NodeRegistry : IDisposable
{
    // It is on the same machine; what takes longer is no answer.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    // For all hosts together, however slowly each is answered.
    private static readonly TimeSpan LongestInAll = TimeSpan.FromSeconds(10);

    // A record of as many hosts as there may be has a few thousand bytes.
    private const int LongestRecord = 64 << 10;

    private readonly HttpClient _client;
    private readonly (ImageHost Host, Uri Canary)[] _hosts;
    private readonly Uri? _mirrors;

    /// <param name="configuration">Where it answers, and for which hosts.</param>
    /// <param name="patience">How long an answer may take; null for as long as one from the same machine takes at most.</param>
    public NodeRegistry(MirrorConfiguration configuration, TimeSpan? patience = null)
    {
        // The tags of the canary: to ask for them is no pull, and leaves no mark in the registry's own record.
        _hosts = [.. configuration.Mirrors.Select(m => (m.Host, new Uri(
            $"http://{configuration.Registry}/v2/{Canary.Repository}/tags/list?ns={Uri.EscapeDataString(Canary.HostFor(m.Host))}")))];
        _mirrors = configuration.Debug is { } debug ? new Uri($"http://{debug}/debug/mirrors") : null;
        // No proxy of the environment stands between a node and itself, and nothing leads elsewhere.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = patience ?? Timeout })
        {
            Timeout = patience ?? Timeout,
            MaxResponseContentBufferSize = LongestRecord,
        };
        // In the registry's access log these requests are told apart from pulls.
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("localregistry-node-config");
    }

    /// <summary>
    /// Whether the registry answers for every host. One that runs by an earlier <c>mirrors.yml</c>, or without any, answers too, and would take an
    /// image of a host for one of its own. It takes 10 s at most.
    /// </summary>
    public async Task<RegistryAnswer> AskAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_client.Timeout > LongestInAll ? _client.Timeout : LongestInAll);
        try
        {
            var unknown = new List<ImageHost>();
            foreach ((ImageHost host, Uri canary) in _hosts)
            {
                using HttpResponseMessage answer = await _client.GetAsync(canary, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                if (!answer.IsSuccessStatusCode)
                {
                    if (!IsFinal(answer.StatusCode))
                    {
                        return RegistryAnswer.Silent;
                    }

                    unknown.Add(host);
                }
            }

            return new RegistryAnswer(unknown.Count == 0 ? RegistryStanding.StandsIn : RegistryStanding.Otherwise, unknown);
        }
        catch (Exception e) when (IsNoAnswer(e, cancellation))
        {
            return RegistryAnswer.Silent;
        }
    }

    /// <summary>
    /// When the registry was last asked for an image of a host that it stands in for; null if it does not say so within 2 s and 64 KiB.
    /// </summary>
    public async Task<DateTimeOffset?> LastRequestAsync(CancellationToken cancellation)
    {
        if (_mirrors is null)
        {
            return null;
        }

        try
        {
            // Both limits are the client's, which holds them for a body only where it reads the whole of it.
            byte[] answer = await _client.GetByteArrayAsync(_mirrors, cancellation);
            using JsonDocument document = JsonDocument.Parse(answer);
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

    // What is overloaded, starts or ends says nothing of what it stands in for.
    private static bool IsFinal(HttpStatusCode code) => code is < HttpStatusCode.InternalServerError and not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    private static bool IsNoAnswer(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);
}
