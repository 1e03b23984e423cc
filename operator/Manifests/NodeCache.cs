using System.Globalization;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The registry's cache on the node's disk: the one place that its container can write to.</summary>
internal static class NodeCache
{
    /// <summary>Where it lies in the container.</summary>
    public const string Directory = "/var/cache/localregistry";

    /// <summary>The container that gives a folder of the node to the registry before it starts.</summary>
    public const string PreparationName = "cache-prepare";

    private const string Volume = "cache";

    /// <summary>Gives the registry's pod a cache.</summary>
    /// <param name="pod">The pod, whose first container is the registry's.</param>
    /// <param name="owner">The resource.</param>
    /// <param name="cache">What it asks for.</param>
    public static void AddTo(V1PodSpec pod, Owner owner, NodeCacheSpec cache)
    {
        V1Container registry = pod.Containers[0];
        registry.Args = [.. registry.Args, .. Arguments(cache)];
        registry.VolumeMounts.Add(Mount());
        if (cache.HostPath is not { } folder)
        {
            // Without a limit: the registry keeps to its size by itself, and the kubelet does not evict pods of this priority for their volumes.
            // Nor is the disk set aside: the cache gives way to others, and a node with too little of it must have its registry all the same.
            pod.Volumes.Add(new V1Volume { Name = Volume, EmptyDir = new V1EmptyDirVolumeSource() });
            return;
        }

        pod.Volumes.Add(new V1Volume
        {
            Name = Volume,
            HostPath = new V1HostPathVolumeSource { Path = FolderOf(owner, folder), Type = "DirectoryOrCreate" },
        });
        pod.InitContainers = [Preparation(registry)];
    }

    /// <summary>The folder on the nodes, which no other resource has. Neither name has a dot, so that no two pairs give one folder.</summary>
    public static string FolderOf(Owner owner, string folder) => $"{folder}/{owner.Namespace}.{owner.Name}";

    private static IEnumerable<string> Arguments(NodeCacheSpec cache) =>
    [
        "--cache", Directory,
        "--cache-size", Bytes(cache.Size),
        .. cache.Free is null ? (string[])[] : ["--cache-free", Bytes(cache.Free)],
        .. cache.ServeStale ? (string[])[] : ["--cache-stale", "false"],
        "--cache-verify", cache.VerifyInterval,
    ];

    private static string Bytes(IntOrString? quantity) => ByteSize.TryParse(quantity?.Value, out ByteSize size)
        ? size.Bytes.ToString(CultureInfo.InvariantCulture)
        : throw new FormatException($"a plan's sizes were read before it was made, and yet \"{quantity?.Value}\" is none");

    private static V1VolumeMount Mount() => new() { Name = Volume, MountPath = Directory };

    // The kubelet makes the folder as root, and fsGroup does not reach folders of the node. The only thing that this container can do beyond what
    // any process can is to give files away.
    private static V1Container Preparation(V1Container registry) => new()
    {
        Name = PreparationName,
        Image = registry.Image,
        ImagePullPolicy = registry.ImagePullPolicy,
        Args = ["cache-prepare", Directory],
        Resources = NodeConfigPod.Resources(),
        SecurityContext = new V1SecurityContext
        {
            RunAsUser = 0,
            RunAsGroup = 0,
            RunAsNonRoot = false,
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = true,
            Capabilities = new V1Capabilities { Drop = ["ALL"], Add = ["CHOWN"] },
        },
        // Its last words are in the resource's conditions.
        TerminationMessagePolicy = "FallbackToLogsOnError",
        VolumeMounts = [Mount()],
    };
}
