using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Manifests;

/// <summary>
/// The short pod that proves that a node pulls through its registry. Its node's own kubelet and runtime pull one image of every mirrored host
/// for it, an image that nothing but the registry has; one further container says how the runtime is configured.
/// </summary>
internal static class MirrorProofPod
{
    /// <summary>How long the kubelet lets it run. By then a pull has failed twice over, or waits behind others.</summary>
    public const int DeadlineSeconds = 120;

    private const string HostContainer = "host-";
    private const string TerminationLog = "/dev/termination-log";

    // It runs for seconds, and a full node is to be proven too. Left out, they would be what the limits are.
    private static Dictionary<string, ResourceQuantity> NoRequests => new() { ["cpu"] = new("0"), ["memory"] = new("0") };

    // The image has no users; this one is nobody on every node.
    private const long User = 65534;

    /// <param name="owner">The resource.</param>
    /// <param name="plan">What the nodes are given; it has mirrors and a runtime.</param>
    /// <param name="node">The node.</param>
    /// <param name="of">The node-configuration pod of that node.</param>
    public static V1Pod Build(Owner owner, RolloutPlan plan, string node, string of)
    {
        string mirrors = Names.Mirrors(owner, plan.MirrorsHash!);
        V1PodTemplateSpec template = NodeConfigPod.Build(
            owner,
            plan.Image,
            plan.Runtime!,
            Labels.MirrorProofComponent,
            writes: false,
            mirrors,
            ["node-config", "report", NodeConfigPod.MirrorsPath, "--output", TerminationLog]);
        V1PodSpec spec = template.Spec;
        spec.ServiceAccountName = Names.NodeConfig(owner);
        spec.NodeName = node;
        spec.RestartPolicy = "Never";
        spec.ActiveDeadlineSeconds = DeadlineSeconds;
        // It changes nothing that it would have to put back, and one on a node that does not answer must go all the same.
        spec.TerminationGracePeriodSeconds = 0;
        // On a full node the kubelet makes room for a critical pod by ending others. No proof is worth that.
        spec.PriorityClassName = null;
        // A crash writes no report; the end of its log says more than nothing.
        spec.Containers[0].TerminationMessagePolicy = "FallbackToLogsOnError";
        spec.Containers[0].Resources.Requests = NoRequests;
        spec.Containers = [spec.Containers[0], .. HostsOf(plan).Select(Canary)];
        V1ObjectMeta metadata = owner.Metadata(Names.MirrorProof(owner, node), Labels.MirrorProofComponent);
        metadata.Annotations = new Dictionary<string, string> { [Labels.MirrorProofOf] = of };
        return new V1Pod { Metadata = metadata, Spec = spec };
    }

    /// <summary>The hosts that a plan's registries stand in for, in the order of the containers that pull from them.</summary>
    public static IReadOnlyList<ImageHost> HostsOf(RolloutPlan plan)
    {
        var hosts = new List<ImageHost>();
        foreach (MirrorSpec mirror in plan.Spec.Mirrors ?? [])
        {
            if (ImageHost.TryParse(mirror.Host, out ImageHost host) && !hosts.Contains(host))
            {
                hosts.Add(host);
            }
        }

        return hosts;
    }

    /// <summary>The name of the container that pulls from the host at an index.</summary>
    public static string ContainerOf(int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{HostContainer}{index}");

    // It has no command: the image's only program ends at once, with success.
    private static V1Container Canary(ImageHost host, int index) => new()
    {
        Name = ContainerOf(index),
        Image = Registry.Configuration.Mirrors.Canary.ImageFor(host),
        // A copy that the node has already would prove nothing.
        ImagePullPolicy = "Always",
        Resources = new V1ResourceRequirements
        {
            Requests = NoRequests,
            Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("16Mi") },
        },
        SecurityContext = new V1SecurityContext
        {
            RunAsNonRoot = true,
            RunAsUser = User,
            RunAsGroup = User,
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = true,
            Capabilities = new V1Capabilities { Drop = ["ALL"] },
        },
    };
}
