using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace LocalRegistry.Operator.Tests.Runtime;

/// <summary>Events as an API server keeps them: created once by name, changed by merge patches, forgotten after a while.</summary>
internal sealed class EventStore
{
    private readonly ConcurrentDictionary<string, JsonObject> _events = new();
    private int _created;

    public IReadOnlyList<Corev1Event> All => [.. _events.Values.Select(e => KubernetesJson.Deserialize<Corev1Event>(e.ToJsonString())).OrderBy(e => e.Reason)];

    /// <summary>How many were created, those that are forgotten included.</summary>
    public int Created => _created;

    public void Expire() => _events.Clear();

    /// <summary>Answers a request; null if it is not about Events.</summary>
    public (int Status, string Body)? Answer(HttpRequest request, string body)
    {
        string[] path = request.Path.Value!.Split('/');
        if (!path.Contains("events"))
        {
            return null;
        }

        if (request.Method == "POST")
        {
            JsonObject created = JsonNode.Parse(body)!.AsObject();
            if (!_events.TryAdd((string)created["metadata"]!["name"]!, created))
            {
                return (409, """{"kind": "Status", "code": 409, "reason": "AlreadyExists"}""");
            }

            Interlocked.Increment(ref _created);
            return (201, body);
        }

        if (!_events.TryGetValue(path[^1], out JsonObject? known))
        {
            return (404, """{"kind": "Status", "code": 404, "reason": "NotFound"}""");
        }

        lock (known)
        {
            foreach ((string key, JsonNode? value) in JsonNode.Parse(body)!.AsObject())
            {
                known[key] = value?.DeepClone();
            }

            return (200, known.ToJsonString());
        }
    }
}
