using k8s.Models;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Manifests;

/// <summary>
/// The pod that sees where its node's container runtime has its mirrors: root and the folders that it needs, but no port, no token, no AWS
/// identity and no capability.
/// </summary>
internal static class NodeConfigPod
{
    public const string ContainerName = "node-config";

    /// <summary>Where <c>mirrors.yml</c> lies in the container.</summary>
    public const string MirrorsPath = MirrorsDirectory + "/" + MirrorsKey;

    /// <summary>The key of <c>mirrors.yml</c> in its ConfigMap.</summary>
    public const string MirrorsKey = "mirrors.yml";

    /// <summary>Where the ConfigMap with <c>mirrors.yml</c> is mounted, in the registry's container too.</summary>
    public const string MirrorsDirectory = "/etc/localregistry";

    /// <summary>The volume of that ConfigMap.</summary>
    public const string MirrorsVolume = "mirrors";

    private const string RuntimeVolume = "runtime";

    /// <param name="owner">The resource.</param>
    /// <param name="image">The registry's image, which is this one's too.</param>
    /// <param name="runtime">The node's container runtime.</param>
    /// <param name="component">What the pod is there for, for its labels.</param>
    /// <param name="writes">Whether it may write the first of the runtime's folders; all others are only ever read.</param>
    /// <param name="mirrors">The ConfigMap with <c>mirrors.yml</c>; null if the pod does without.</param>
    /// <param name="arguments">What the registry's program is to do.</param>
    public static V1PodTemplateSpec Build(
        Owner owner, RegistryImage image, NodeRuntime runtime, string component, bool writes, string? mirrors, IReadOnlyList<string> arguments)
    {
        (V1Volume Volume, V1VolumeMount Mount)[] parts = [.. Folders(runtime, writes), .. Configuration(mirrors)];
        return new V1PodTemplateSpec
        {
            Metadata = new V1ObjectMeta { Labels = Labels.For(owner.Name, component) },
            Spec = new V1PodSpec
            {
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                // The registry is asked on the node's loopback interface, and nothing here waits for a pod network.
                HostNetwork = true,
                DnsPolicy = "Default",
                PriorityClassName = "system-node-critical",
                Tolerations = [new V1Toleration { OperatorProperty = "Exists" }],
                SecurityContext = new V1PodSecurityContext { SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" } },
                Containers =
                [
                    new V1Container
                    {
                        Name = ContainerName,
                        Image = image.Reference,
                        ImagePullPolicy = image.PullPolicy,
                        Args = [.. arguments],
                        Resources = Resources(),
                        SecurityContext = new V1SecurityContext
                        {
                            RunAsUser = 0,
                            RunAsGroup = 0,
                            AllowPrivilegeEscalation = false,
                            ReadOnlyRootFilesystem = true,
                            Capabilities = new V1Capabilities { Drop = ["ALL"] },
                            // Where SELinux is enforced, no confined container may write the runtime's files. Elsewhere it means nothing.
                            SeLinuxOptions = new V1SELinuxOptions { Type = "spc_t" },
                        },
                        VolumeMounts = [.. parts.Select(p => p.Mount)],
                    },
                ],
                Volumes = [.. parts.Select(p => p.Volume)],
            },
        };
    }

    /// <summary>What gives a pod <see cref="MirrorsPath"/>; nothing without a ConfigMap.</summary>
    public static IEnumerable<(V1Volume Volume, V1VolumeMount Mount)> Configuration(string? mirrors)
    {
        if (mirrors is not null)
        {
            yield return (
                new V1Volume { Name = MirrorsVolume, ConfigMap = new V1ConfigMapVolumeSource { Name = mirrors } },
                new V1VolumeMount { Name = MirrorsVolume, MountPath = MirrorsDirectory, ReadOnlyProperty = true });
        }
    }

    /// <summary>What the registry's program takes where it looks after a node and serves nobody.</summary>
    public static V1ResourceRequirements Resources() => new()
    {
        Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("5m"), ["memory"] = new("24Mi") },
        Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("64Mi") },
    };

    private static IEnumerable<(V1Volume Volume, V1VolumeMount Mount)> Folders(NodeRuntime runtime, bool writes)
    {
        // The folder around the runtime's own configuration comes first, since what is written may lie below it.
        if (runtime.ConfigurationFile is { } file)
        {
            yield return Folder(RuntimeVolume, Path.GetDirectoryName(file)!, "", readOnly: true);
        }

        // So does each that is around another one.
        foreach ((int index, string path) in runtime.Directories.Index().OrderBy(d => runtime.Directories.Count(o => d.Item.StartsWith(o + "/", StringComparison.Ordinal))))
        {
            yield return Folder($"{RuntimeVolume}-{index}", path, "DirectoryOrCreate", readOnly: !writes || index > 0);
        }
    }

    // Mounted where it lies on the node, so that a path means the same in both places.
    private static (V1Volume Volume, V1VolumeMount Mount) Folder(string name, string path, string type, bool readOnly) => (
        new V1Volume { Name = name, HostPath = new V1HostPathVolumeSource { Path = path, Type = type } },
        new V1VolumeMount { Name = name, MountPath = path, ReadOnlyProperty = readOnly ? true : null });
}
