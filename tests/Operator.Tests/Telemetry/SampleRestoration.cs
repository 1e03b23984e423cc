using k8s;
using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Registry.Configuration.Mirrors;
using Microsoft.AspNetCore.Http;

namespace LocalRegistry.Operator.Tests.Telemetry;

/// <summary>A node that is down, and that a resource configured which is gone.</summary>
internal static class SampleRestoration
{
    /// <summary>Answers what an API server is asked of it; null if it is asked about something else.</summary>
    public static (int Status, string Body)? Answer(HttpRequest request, string body) => (request.Method, request.Path.Value!.Split('/')[^1]) switch
    {
        ("GET", "configmaps") => List("configmaps", Memory()),
        ("GET", "nodes") => List("nodes", Node()),
        _ => null,
    };

    private static (int Status, string Body) List(string kind, object item) =>
        (200, KubernetesJson.Serialize(new { metadata = new { resourceVersion = kind }, items = new[] { item } }));

    private static V1ConfigMap Memory()
    {
        V1ConfigMap memory = ConfiguredNodesConfigMap.Build(new ConfiguredNodes
        {
            Resource = new ResourceKey("local-registry", "gone"),
            Image = Samples.Image,
            Places = [new RestorePlace(RuntimeKind.Containerd, "/etc/containerd/certs.d")],
            Names = ConfiguredNodes.NoNames.Add("down"),
        });
        memory.Metadata.Uid = "memory";
        memory.Metadata.ResourceVersion = "1";
        return memory;
    }

    private static V1Node Node() => new()
    {
        Metadata = new V1ObjectMeta { Name = "down", ResourceVersion = "1" },
        Status = new V1NodeStatus { Conditions = [new V1NodeCondition { Type = "Ready", Status = "Unknown" }] },
    };
}
