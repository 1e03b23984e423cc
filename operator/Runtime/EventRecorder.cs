using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>
/// Records Events about objects. An Event's name follows from what it is about and why, and not from its words: said again, also after a
/// restart, it counts up and has the newest words, so that numbers and names in a message make no endless row of Events.
/// </summary>
internal sealed partial class EventRecorder(KubernetesApi api, string instance, TimeProvider time, ILogger<EventRecorder> logger)
{
    private const string Component = "localregistry-operator";

    // The API server's limit.
    private const int MaximumMessage = 1024;

    /// <param name="about">The object.</param>
    /// <param name="topic">What of it: Events of different topics are kept apart, whatever their reasons.</param>
    /// <param name="reason">Why, as one word.</param>
    /// <param name="message">Why, for people.</param>
    /// <param name="cancel">Gives up.</param>
    public Task NormalAsync(IKubernetesObject<V1ObjectMeta> about, string topic, string reason, string message, CancellationToken cancel) =>
        RecordAsync(about, "Normal", topic, reason, message, cancel);

    /// <inheritdoc cref="NormalAsync"/>
    public Task WarningAsync(IKubernetesObject<V1ObjectMeta> about, string topic, string reason, string message, CancellationToken cancel) =>
        RecordAsync(about, "Warning", topic, reason, message, cancel);

    private async Task RecordAsync(
        IKubernetesObject<V1ObjectMeta> about, string type, string topic, string reason, string message, CancellationToken cancel)
    {
        string text = message.Length > MaximumMessage ? string.Concat(message.AsSpan(0, MaximumMessage - 3), "...") : message;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{about.Uid()}\n{type}\n{topic}\n{reason}"));
        var key = new ResourceKey(about.Namespace(), $"{about.Name()}.{Convert.ToHexStringLower(hash)[..16]}");
        DateTime now = time.GetUtcNow().UtcDateTime;
        try
        {
            // Always tried: the API server forgets Events after an hour or so.
            if (await api.CreateAsync(New(about, key, type, reason, text, now), cancel) is null)
            {
                // Only the Event knows its count, and patching it is the only way to see it that needs no further right.
                Corev1Event recorded = await PatchAsync(key, new { message = text, lastTimestamp = now }, cancel);
                await PatchAsync(key, new { count = (recorded.Count ?? 1) + 1 }, cancel);
            }
        }
        catch (Exception e) when (e is KubernetesException or HttpRequestException or TimeoutException)
        {
            // An Event is a courtesy; the condition tells the same.
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
