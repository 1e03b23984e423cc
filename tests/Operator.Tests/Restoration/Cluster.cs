using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Restoration;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Operator.Tests.Runtime;
using LocalRegistry.Registry.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Operator.Tests.Restoration;

/// <summary>A cluster as far as restoration sees it: what is written is seen at once, and its kubelets do what a test says.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    public static readonly ResourceKey Key = new(Samples.Owner.Namespace, Samples.Owner.Name);

    private readonly FakeApiServer _server = FakeApiServer.Start();
    private int _version = 100;

    public Cluster()
    {
        _server.Answer = Answer;
        Start();
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Lister<V1Alpha1LocalRegistry> Registries { get; } = new();

    public Lister<V1ControllerRevision> Revisions { get; } = new();

    public Lister<V1ConfigMap> ConfigMaps { get; } = new();

    public Lister<V1DaemonSet> DaemonSets { get; } = new();

    public Lister<V1Node> Nodes { get; } = new();

    public Lister<V1Pod> Pods { get; } = new();

    public EventStore Events { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>A ConfigMap that the informer still shows as it was; null if it shows what is there.</summary>
    public V1ConfigMap? Late { get; set; }

    /// <summary>What the API server answers whoever makes a pod; null if it takes them.</summary>
    public string? PodsRefused { get; set; }

    /// <summary>Whether the API server says that somebody else changed a resource meanwhile.</summary>
    public bool Conflicts { get; set; }

    /// <summary>What was asked of the API server, Events left out.</summary>
    public IReadOnlyList<string> Requests => [.. _server.Requests.Where(r => !r.Contains("/events", StringComparison.Ordinal))];

    public RestorationController Controller { get; private set; } = null!;

    public Deletion Deletion { get; private set; } = null!;

    public Safeguard Safeguard { get; private set; } = null!;

    public RestorationSurvey Survey { get; private set; } = null!;

    public V1ConfigMap? Memory => ConfigMaps.Get(new ResourceKey(Key.Namespace, "registry-configured-nodes"));

    public IReadOnlyCollection<string> Remembered => ConfiguredNodesConfigMap.ReadNames(Memory!);

    public IEnumerable<V1Pod> RestorePods => Pods.Items.Where(p => p.GetLabel(Labels.Component) == Labels.NodeRestoreComponent);

    public IEnumerable<string> Restoring => RestorePods.Select(p => p.Spec.NodeName);

    public V1Alpha1LocalRegistry? Registry => Registries.Get(Key);

    /// <summary>Starts the operator, for the second time as a new process that knows nothing.</summary>
    public void Start()
    {
        var options = new OperatorOptions(Samples.Image, null, "operators", "me", new ListenAddress(IPAddress.Loopback, 0));
        var plans = new AppliedPlans(_server.Api, Revisions);
        var store = new ConfiguredNodesStore(_server.Api, new Informer(this));
        var events = new RestorationEvents(new EventRecorder(_server.Api, "me", Time, NullLogger<EventRecorder>.Instance), Time);
        var finalizer = new RestoreFinalizer(_server.Api);
        Survey = new RestorationSurvey(Registries, plans, Nodes, Pods);
        Controller = new RestorationController(
            options, _server.Api, store, Survey, new RestorationRetries(Time), events, Time, NullLogger<RestorationController>.Instance);
        Safeguard = new Safeguard(store, Survey, finalizer);
        Deletion = new Deletion(_server.Api, DaemonSets, store, Survey, finalizer, events, new StatusWriter(_server.Api), Time);
    }

    /// <summary>Has a resource with mirrors applied.</summary>
    /// <param name="spec">What it says; null for one with mirrors on all nodes.</param>
    public RolloutPlan Apply(LocalRegistrySpec? spec = null)
    {
        Registries.Items.Clear();
        V1Alpha1LocalRegistry registry = Samples.Registry(spec ?? Samples.Mirrored());
        registry.Metadata.ResourceVersion = "1";
        registry.Metadata.Finalizers = [Labels.RestoreNodes];
        Registries.Items.Add(ResourcePath.Identify(registry));
        RolloutPlan plan = Samples.Plan(registry.Spec);
        Revisions.Items.Add(AppliedRevision.Build(Samples.Owner, plan, Revisions.Items.Count + 1));
        return plan;
    }

    public void BeginDeletion(TimeSpan? ago = null) => Registry!.Metadata.DeletionTimestamp = (Time.GetUtcNow() - (ago ?? TimeSpan.Zero)).UtcDateTime;

    /// <summary>Takes the resource away, with what it owns.</summary>
    public void Remove()
    {
        Registries.Items.Clear();
        Revisions.Items.Clear();
        DaemonSets.Items.Clear();
    }

    public void Remember(params IEnumerable<string> nodes)
    {
        V1ConfigMap memory = ConfiguredNodesConfigMap.Build(new ConfiguredNodes
        {
            Resource = Key,
            Image = Samples.Image,
            Places = [RestorePlace.Of(Samples.Plan(Samples.Mirrored()).Runtime!)],
            Names = ConfiguredNodes.NoNames.Union(nodes),
        });
        ConfigMaps.Items.RemoveAll(ConfiguredNodesConfigMap.Is);
        ConfigMaps.Items.Add(Created(memory));
    }

    public void AddNodes(params IEnumerable<string> names) => Nodes.Items.AddRange(names.Select(name => new V1Node
    {
        Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["pool"] = "a" } },
        Status = new V1NodeStatus { Conditions = [new V1NodeCondition { Type = "Ready", Status = "True" }] },
    }));

    public V1Node Node(string name) => Nodes.Items.Single(n => n.Name() == name);

    public void SetReady(string name, bool isReady) => Node(name).Status.Conditions[0].Status = isReady ? "True" : "Unknown";

    public V1Pod AddNodeConfigPod(string? node, string phase = "Running")
    {
        V1Pod pod = Created(new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = $"node-config-{node}", NamespaceProperty = Key.Namespace, Labels = Labels.For(Key.Name, Labels.NodeConfigComponent) },
            Spec = new V1PodSpec { NodeName = node },
            Status = new V1PodStatus { Phase = phase },
        });
        Pods.Items.Add(pod);
        return pod;
    }

    public void RemoveNodeConfigPods() => Pods.Items.RemoveAll(p => p.GetLabel(Labels.Component) == Labels.NodeConfigComponent);

    /// <summary>Ends a node's restoring pod.</summary>
    public void End(string node, string phase, string? message = null) => RestorePods.Single(p => p.Spec.NodeName == node).Status = new V1PodStatus
    {
        Phase = phase,
        ContainerStatuses =
        [
            new V1ContainerStatus { State = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = phase == "Failed" ? 1 : 0, Message = message } } },
        ],
    };

    /// <summary>Reconciles the ConfigMap once.</summary>
    public Task<ReconciliationResult<V1ConfigMap>> ReconcileAsync(V1ConfigMap? seen = null) => Controller.ReconcileAsync(seen ?? Memory!, Cancel);

    public Task<ReconciliationResult<V1Alpha1LocalRegistry>> DeleteAsync() => Deletion.RunAsync(Registry!, Cancel);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private (int Status, string Body) Answer(HttpRequest request, string body)
    {
        if (Events.Answer(request, body) is { } answer)
        {
            return answer;
        }

        string[] path = request.Path.Value!.Split('/');
        return (request.Method, path[^2], path[^1]) switch
        {
            ("POST", _, "pods") => PodsRefused is { } refusal ? Refused(403, refusal) : Add(Pods, body),
            ("DELETE", "pods", var name) => Remove(Pods, name),
            ("POST", _, "configmaps") => Add(ConfigMaps, body),
            ("GET", "configmaps", var name) => Get(ConfigMaps, name),
            ("PATCH", "configmaps", var name) => Patch(name, JsonNode.Parse(body)!),
            ("DELETE", "configmaps", var name) => Remove(ConfigMaps, name),
            ("DELETE", "daemonsets", var name) => Remove(DaemonSets, name),
            ("PATCH", "localregistries", _) => SetFinalizers(JsonNode.Parse(body)!, request.ContentType!.StartsWith("application/apply", StringComparison.Ordinal)),
            ("PATCH", _, "status") => SetStatus(body),
            _ => Refused(404, "NotFound"),
        };
    }

    private T Created<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        _version++;
        resource.Metadata.Uid ??= $"uid-{_version}";
        resource.Metadata.ResourceVersion = $"{_version}";
        return ResourcePath.Identify(resource);
    }

    private (int Status, string Body) Add<T>(Lister<T> to, string body)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        T resource = Created(KubernetesJson.Deserialize<T>(body));
        if (to.Get(ResourceKey.Of(resource)) is not null)
        {
            return (409, """{"kind": "Status", "code": 409, "reason": "AlreadyExists"}""");
        }

        to.Items.Add(resource);
        return (201, KubernetesJson.Serialize(resource));
    }

    private static (int Status, string Body) Get<T>(Lister<T> from, string name)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        from.Get(new ResourceKey(Key.Namespace, name)) is { } found ? (200, KubernetesJson.Serialize(found)) : Refused(404, "NotFound");

    private static (int Status, string Body) Remove<T>(Lister<T> from, string name)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        from.Items.RemoveAll(i => i.Name() == name) > 0 ? (200, """{"kind": "Status", "status": "Success"}""") : Refused(404, "NotFound");

    private (int Status, string Body) Patch(string name, JsonNode patch)
    {
        if (ConfigMaps.Get(new ResourceKey(Key.Namespace, name)) is not { } known)
        {
            return Refused(404, "NotFound");
        }

        if ((string?)patch["metadata"]!["uid"] != known.Uid())
        {
            return Refused(409, "uid mismatch");
        }

        // An informer's copy is never changed, it is replaced.
        var changed = KubernetesJson.Deserialize<V1ConfigMap>(KubernetesJson.Serialize(known));
        foreach ((string key, JsonNode? value) in patch["data"]!.AsObject())
        {
            changed.Data[key] = (string)value!;
        }

        ConfigMaps.Items[ConfigMaps.Items.IndexOf(known)] = Created(changed);
        return (200, KubernetesJson.Serialize(changed));
    }

    private (int Status, string Body) SetFinalizers(JsonNode patch, bool isApply)
    {
        if (Conflicts && !isApply)
        {
            return Refused(409, "the object has been modified");
        }

        Assert.Equal(Registry!.Uid(), (string?)patch["metadata"]!["uid"]);
        string[] given = [.. patch["metadata"]!["finalizers"]!.AsArray().Select(f => (string)f!)];
        Registry!.Metadata.Finalizers = isApply ? [.. (Registry.Metadata.Finalizers ?? []).Union(given)] : given;
        return (200, KubernetesJson.Serialize(Registry));
    }

    private (int Status, string Body) SetStatus(string body)
    {
        Registry!.Status = KubernetesJson.Deserialize<V1Alpha1LocalRegistry>(body).Status;
        return (200, body);
    }

    private static (int Status, string Body) Refused(int code, string message) =>
        (code, $$"""{"kind": "Status", "status": "Failure", "code": {{code}}, "message": "{{message}}"}""");

    private sealed class Informer(Cluster cluster) : ILister<V1ConfigMap>
    {
        public IEnumerable<V1ConfigMap> All => cluster.ConfigMaps.All;

        public V1ConfigMap? Get(ResourceKey key) => cluster.Late is { } late && ResourceKey.Of(late) == key ? late : cluster.ConfigMaps.Get(key);

        public IEnumerable<V1ConfigMap> List(string space) => cluster.ConfigMaps.List(space);
    }
}
