using k8s.Models;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Manifests;

/// <summary>
/// The short pod that restores one node: <c>registry node-config restore</c>, once for every place. It needs nothing of the resource's, which
/// may be gone: it runs as the namespace's default ServiceAccount without a token, and belongs to the ConfigMap that remembers the node.
/// </summary>
internal static class NodeRestorePod
{
    private const string TerminationLog = "/dev/termination-log";
    private const int DeadlineSeconds = 60;

    /// <param name="nodes">What is known of the configured nodes.</param>
    /// <param name="memory">The ConfigMap that it is known from.</param>
    /// <param name="image">The image to run.</param>
    /// <param name="node">The node.</param>
    public static V1Pod Build(ConfiguredNodes nodes, V1ConfigMap memory, RegistryImage image, string node)
    {
        // Nobody owns the pod of a resource that is gone; only its name matters.
        var owner = new Owner(nodes.Resource.Namespace, nodes.Resource.Name, "");
        var folders = new NodeRuntime(nodes.Places[0].Kind, null, [.. nodes.Places.Select(p => p.Directory).Distinct()]);
        // A dead mirror must not keep a node from being restored: what is on the node already is not asked for again.
        RegistryImage present = image with { PullPolicy = image.PullPolicy == "Never" ? "Never" : "IfNotPresent" };
        V1PodSpec spec = NodeConfigPod.Build(owner, present, folders, Labels.NodeRestoreComponent, writes: true, mirrors: null, []).Spec;
        V1Container container = spec.Containers[0];
        foreach (V1VolumeMount mount in container.VolumeMounts)
        {
            // An earlier place is written to as well.
            mount.ReadOnlyProperty = null;
        }

        spec.NodeName = node;
        spec.RestartPolicy = "Never";
        spec.ActiveDeadlineSeconds = DeadlineSeconds;
        spec.TerminationGracePeriodSeconds = 5;
        spec.Containers = [.. nodes.Places.Select((place, index) => Restoring(container, index, Arguments(owner, place)))];
        return new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = Names.NodeRestore(owner, node),
                NamespaceProperty = owner.Namespace,
                Labels = Labels.For(owner.Name, Labels.NodeRestoreComponent),
                OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = memory.Name(), Uid = memory.Uid(), Controller = true }],
            },
            Spec = spec,
        };
    }

    private static string[] Arguments(Owner owner, RestorePlace place) =>
    [
        "node-config", "restore",
        "--owner", $"{owner.Namespace}/{owner.Name}",
        "--runtime", place.Kind == RuntimeKind.Containerd ? "containerd" : "registriesconf",
        "--directory", place.Directory,
        "--output", TerminationLog,
    ];

    private static V1Container Restoring(V1Container container, int index, string[] arguments) => new()
    {
        Name = index == 0 ? container.Name : $"{container.Name}-{index}",
        Image = container.Image,
        ImagePullPolicy = container.ImagePullPolicy,
        Args = arguments,
        Resources = container.Resources,
        SecurityContext = container.SecurityContext,
        VolumeMounts = container.VolumeMounts,
        // A crash writes no report; the end of its log says more than nothing.
        TerminationMessagePolicy = "FallbackToLogsOnError",
    };
}
