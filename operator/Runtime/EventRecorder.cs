using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>
/// Records Events about objects. Their names follow from what they say, so that the same thing said again counts up one Event instead of
/// making another, also after a restart.
/// </summary>
internal sealed partial class EventRecorder(KubernetesApi api, string instance, TimeProvider time, ILogger<EventRecorder> logger)
{
    private const string Component = "localregistry-operator";

    // The API server's limit.
    private const int MaximumMessage = 1024;

    private readonly ConcurrentDictionary<ResourceKey, int> _counts = new();

    public Task NormalAsync(IKubernetesObject<V1ObjectMeta> about, string reason, string message, CancellationToken cancel) =>
        RecordAsync(about, "Normal", reason, message, cancel);

    public Task WarningAsync(IKubernetesObject<V1ObjectMeta> about, string reason, string message, CancellationToken cancel) =>
        RecordAsync(about, "Warning", reason, message, cancel);

    private async Task RecordAsync(IKubernetesObject<V1ObjectMeta> about, string type, string reason, string message, CancellationToken cancel)
    {
        string text = message.Length > MaximumMessage ? string.Concat(message.AsSpan(0, MaximumMessage - 3), "...") : message;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{about.Uid()}\n{type}\n{reason}\n{text}"));
        var key = new ResourceKey(about.Namespace(), $"{about.Name()}.{Convert.ToHexStringLower(hash)[..16]}");
        DateTime now = time.GetUtcNow().UtcDateTime;
        try
        {
            if (!_counts.ContainsKey(key) && await api.CreateAsync(New(about, key, type, reason, text, now), cancel) is not null)
            {
                _counts[key] = 1;
                return;
            }

            // After a restart only the Event itself knows its count, and patching it is the only way to see it.
            int count = _counts.TryGetValue(key, out int known) ? known : (await PatchAsync(key, new { lastTimestamp = now }, cancel)).Count ?? 1;
            await PatchAsync(key, new { count = count + 1, lastTimestamp = now }, cancel);
            _counts[key] = count + 1;
        }
        catch (Exception e) when (e is KubernetesException or HttpRequestException or TimeoutException)
        {
            // An Event is a courtesy; the condition tells the same. An expired Event is created again next time.
            _counts.TryRemove(key, out _);
            Log.NotRecorded(logger, reason, key, e);
        }
    }

    private Task<Corev1Event> PatchAsync(ResourceKey key, object patch, CancellationToken cancel) => api.MergeAsync<Corev1Event>(key, patch, cancel);

    private Corev1Event New(IKubernetesObject<V1ObjectMeta> about, ResourceKey key, string type, string reason, string message, DateTime now) => new()
    {
        Metadata = new V1ObjectMeta { Name = key.Name, NamespaceProperty = key.Namespace },
        InvolvedObject = new V1ObjectReference
        {
            ApiVersion = about.ApiVersion,
            Kind = about.Kind,
            Name = about.Name(),
            NamespaceProperty = about.Namespace(),
            Uid = about.Uid(),
            ResourceVersion = about.ResourceVersion(),
        },
        Type = type,
        Reason = reason,
        Message = message,
        Count = 1,
        FirstTimestamp = now,
        LastTimestamp = now,
        Source = new V1EventSource { Component = Component },
        ReportingComponent = Component,
        ReportingInstance = instance,
    };
}
