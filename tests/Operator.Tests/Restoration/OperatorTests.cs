using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Telemetry;
using LocalRegistry.Operator.Tests.Telemetry;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace LocalRegistry.Operator.Tests.Restoration;

/// <summary>The whole operator: what it does before it configures nodes, and before it lets a resource go.</summary>
[Collection(nameof(ProcessWide))]
public sealed class OperatorTests
{
    private readonly ConcurrentQueue<(string Request, string Body)> _writes = new();

    [Fact]
    public async Task Mirrors_are_applied_only_after_the_memory_was_made_and_the_finalizer_set()
    {
        V1Alpha1LocalRegistry registry = SampleResources.Registry("one");
        V1ControllerRevision applied = AppliedRevision.Build(Owner.Of(registry), Samples.Plan(Samples.Mirrored()), 1);
        applied.Metadata.ResourceVersion = "1";
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null, (request, body) => Answer(request, body, applied), registry);

        await running.ScrapeAsync(s => s.Value(OperatorMetrics.Reconciliations, "controller=localregistry", "result=success") > 0);

        string[] writes = [.. _writes.Select(w => w.Request)];
        int memory = Array.IndexOf(writes, "POST configmaps");
        int finalizer = Array.IndexOf(writes, "PATCH localregistries/one");
        int daemonSet = Array.IndexOf(writes, "PATCH daemonsets/one-node-config");
        Assert.True(memory >= 0 && memory < finalizer && finalizer < daemonSet, string.Join("; ", writes));
    }

    [Fact]
    public async Task Resource_that_is_being_deleted_is_let_go_when_no_node_is_left()
    {
        V1Alpha1LocalRegistry registry = SampleResources.Registry("one");
        registry.Metadata.Finalizers = [Labels.RestoreNodes];
        registry.Metadata.DeletionTimestamp = TimeProvider.System.GetUtcNow().UtcDateTime;
        await using OperatorFixture running = await OperatorFixture.StartAsync(leader: null, (request, body) => Answer(request, body, null), registry);

        await running.ScrapeAsync(s => s.Value(OperatorMetrics.Reconciliations, "controller=localregistry", "result=success") > 0);

        (string request, string body) = Assert.Single(_writes);
        Assert.Equal("PATCH localregistries/one", request);
        Assert.Empty(JsonNode.Parse(body)!["metadata"]!["finalizers"]!.AsArray());
    }

    private (int Status, string Body)? Answer(HttpRequest request, string body, V1ControllerRevision? applied)
    {
        string[] path = request.Path.Value!.Split('/');
        if (path.Contains("leases") || path.Contains("events"))
        {
            return null;
        }

        if (request.Method != "GET")
        {
            _writes.Enqueue((request.Method == "POST" ? $"POST {path[^1]}" : $"{request.Method} {path[^2]}/{path[^1]}", body));
            return path[^2..] is ["daemonsets", "one"] ? (200, Samples.RolledOut(body, 1, 1)) : null;
        }

        return path[^1] switch
        {
            "controllerrevisions" => (200, KubernetesJson.Serialize(new
            {
                metadata = new { resourceVersion = "controllerrevisions" }, items = new[] { applied }.OfType<V1ControllerRevision>(),
            })),
            // A list is asked for with a limit; single objects are not there.
            _ => request.Query.ContainsKey("limit") ? null : (404, """{"kind": "Status", "code": 404, "reason": "NotFound"}"""),
        };
    }
}
