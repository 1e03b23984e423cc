using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Operator.Tests.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LocalRegistry.Operator.Tests.Mirroring;

/// <summary>A cluster's nodes as far as proofs see them: an API server that keeps pods, and informers that hear of them when told to.</summary>
internal sealed class FakeNodes : IAsyncDisposable
{
    private const string NotFound = """{"kind": "Status", "code": 404, "reason": "NotFound", "message": "not found"}""";

    private readonly FakeApiServer _server = FakeApiServer.Start();
    private readonly EventStore _events = new();
    private readonly ConcurrentDictionary<string, V1Pod> _pods = new();
    private readonly Lister<V1Pod> _seen = new();

    public FakeNodes(int desired)
    {
        _server.Answer = Answer;
        DaemonSets.Items.Add(MirrorSamples.DaemonSet(desired));
        DaemonSets.Items.Add(MirrorSamples.RegistryDaemonSet());
        Restart();
    }

    public FakeTimeProvider Time { get; } = new(MirrorSamples.Start.AddSeconds(5));

    public Lister<V1DaemonSet> DaemonSets { get; } = new();

    public Lister<V1Node> Nodes { get; } = new();

    public V1Alpha1LocalRegistry Registry { get; set; } = Samples.Registry(MirrorSamples.Spec);

    /// <summary>Nodes whose registry is not ready; that of every other node with a node-configuration pod is.</summary>
    public HashSet<string> NotServing { get; } = [];

    /// <summary>Since when it is.</summary>
    public DateTimeOffset ServingSince { get; set; } = MirrorSamples.Start.AddDays(-1);

    /// <summary>What the last run gave.</summary>
    public LocalRegistryStatus Status { get; private set; } = new();

    /// <summary>Answers a request before this server does; null leaves it to it.</summary>
    public Func<HttpRequest, (int Status, string Body)?> First { get; set; } = _ => null;

    public MirrorProofs Proofs { get; private set; } = null!;

    public IEnumerable<V1Pod> Proving => _pods.Values.Where(p => p.Name().StartsWith("registry-proof-", StringComparison.Ordinal)).OrderBy(p => p.Spec.NodeName);

    public IEnumerable<string> ProvingNodes => Proving.Select(p => p.Spec.NodeName);

    public IReadOnlyList<Corev1Event> Events => _events.All;

    public IEnumerable<string> Requests => _server.Requests;

    /// <summary>As another operator that takes over: it remembers nothing.</summary>
    public void Restart()
    {
        var memory = new ProofMemory();
        var transitions = new Transitions(new EventRecorder(_server.Api, "me", Time, NullLogger<EventRecorder>.Instance), Time);
        Proofs = new MirrorProofs(
            new ProofPods(_server.Api, memory, Time), memory, new NodeConfigTrouble(_server.Api, _seen, Time), new MissingPods(), transitions, DaemonSets, _seen, Nodes, Time);
    }

    public void Put(params V1Pod[] pods)
    {
        foreach (V1Pod pod in pods)
        {
            _pods[pod.Name()] = pod;
        }
    }

    public void Remove(string name) => _pods.TryRemove(name, out _);

    public MirrorProof? ProofOf(string node) => MirrorProof.On(_pods[$"config-{node}"]);

    /// <summary>Has the kubelet of a node that is being proven say how its containers are.</summary>
    public void Answer(string node, params V1ContainerStatus[] containers) => Proving.Single(p => p.Spec.NodeName == node).Status = new V1PodStatus { ContainerStatuses = containers };

    public void AnswerGood(string node) => Answer(node, MirrorSamples.AllPulled(MirrorSamples.Report()));

    public void AnswerNotPulled(string node) =>
        Answer(node, MirrorSamples.Report(), MirrorSamples.Ended("host-0"), MirrorSamples.Waiting("host-1", "ErrImagePull", "not found"));

    /// <summary>Runs once; the informers have heard of everything before, unless they are late.</summary>
    public async Task<MirrorAnswer> RunAsync(bool late = false)
    {
        if (!late)
        {
            _seen.Items.Clear();
            _seen.Items.AddRange(_pods.Values.Select(p => KubernetesJson.Deserialize<V1Pod>(KubernetesJson.Serialize(p))));
            _seen.Items.AddRange(_pods.Values.Select(p => p.Spec.NodeName).Distinct().Select(n => MirrorSamples.RegistryPod(n, ServingSince, !NotServing.Contains(n))));
        }

        MirrorAnswer answer = await Proofs.RunAsync(Registry, MirrorSamples.Plan, Status, Xunit.TestContext.Current.CancellationToken);
        var conditions = new ConditionSet(Status.Conditions, 3, Time.GetUtcNow());
        conditions.Set(ConditionTypes.MirrorConfigured, answer.Condition.Status, answer.Condition.Reason, answer.Condition.Message);
        Status = new LocalRegistryStatus { AppliedGeneration = MirrorSamples.Plan.Generation, Conditions = conditions.All };
        return answer;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private (int Status, string Body) Answer(HttpRequest request, string body)
    {
        if (First(request) is { } answer)
        {
            return answer;
        }

        if (_events.Answer(request, body) is { } told)
        {
            return told;
        }

        string name = request.Path.Value!.Split('/')[^1];
        switch (request.Method)
        {
            case "POST":
                V1Pod created = KubernetesJson.Deserialize<V1Pod>(body);
                created.Metadata.Uid = $"{created.Name()}-{Guid.NewGuid()}";
                created.Metadata.CreationTimestamp = Time.GetUtcNow().UtcDateTime;
                return _pods.TryAdd(created.Name(), created)
                    ? (201, KubernetesJson.Serialize(created))
                    : (409, """{"kind": "Status", "code": 409, "reason": "AlreadyExists"}""");
            case "PATCH" when _pods.TryGetValue(name, out V1Pod? pod):
                JsonNode metadata = JsonNode.Parse(body)!["metadata"]!;
                if ((string?)metadata["uid"] != pod.Uid())
                {
                    return (409, """{"kind": "Status", "code": 409, "reason": "Conflict"}""");
                }

                pod.Metadata.Annotations = metadata["annotations"]!.AsObject().ToDictionary(a => a.Key, a => (string)a.Value!);
                return (200, KubernetesJson.Serialize(pod));
            case "DELETE" when _pods.TryRemove(name, out _):
                return (200, """{"kind": "Status", "status": "Success"}""");
            case "GET" when _pods.TryGetValue(name, out V1Pod? found):
                return (200, KubernetesJson.Serialize(found));
            default:
                return (404, NotFound);
        }
    }
}
