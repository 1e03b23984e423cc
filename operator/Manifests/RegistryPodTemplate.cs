using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Manifests;

/// <summary>
/// The pod that the DaemonSet and the preflight share: same image, identity, network position, placement and mounts, so that what the preflight
/// proves holds for the registry.
/// </summary>
internal static class RegistryPodTemplate
{
    public const string ContainerName = "registry";
    public const string ConfigPath = ConfigDirectory + "/" + RegistryConfigMap.Key;

    private const string ConfigVolume = "config";
    private const string ConfigDirectory = "/etc/distribution";

    /// <summary>The pod with its one container, which still lacks arguments, ports and probes.</summary>
    public static V1PodTemplateSpec Build(Owner owner, RolloutPlan plan, string component)
    {
        NodeSpec node = plan.Spec.Node;
        bool host = node.Network == NodeNetwork.Host;
        return new V1PodTemplateSpec
        {
            Metadata = new V1ObjectMeta { Labels = Labels.For(owner.Name, component) },
            Spec = new V1PodSpec
            {
                ServiceAccountName = Names.ServiceAccount(owner, plan.Spec),
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                HostNetwork = host ? true : null,
                DnsPolicy = host ? "ClusterFirstWithHostNet" : "ClusterFirst",
                NodeSelector = NodeSelector(node),
                Tolerations = Tolerations(node),
                SecurityContext = new V1PodSecurityContext
                {
                    RunAsNonRoot = true,
                    RunAsUser = ImageUser.Number,
                    RunAsGroup = ImageUser.Number,
                    FsGroup = ImageUser.Number,
                    SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
                },
                Containers = [Container(plan)],
                Volumes =
                [
                    new V1Volume { Name = ConfigVolume, ConfigMap = new V1ConfigMapVolumeSource { Name = Names.ConfigMap(owner, plan.ConfigHash) } },
                    .. RegistryCredentials.Volumes(plan.Spec),
                ],
            },
        };
    }

    /// <summary>The nodes that a resource chooses; null for all.</summary>
    public static Dictionary<string, string>? NodeSelector(NodeSpec node) =>
        node.NodeSelector is { Count: > 0 } selector ? new Dictionary<string, string>(selector) : null;

    /// <summary>The taints that a resource tolerates.</summary>
    public static List<V1Toleration> Tolerations(NodeSpec node) => [.. node.Tolerations ?? [new V1Toleration { OperatorProperty = "Exists" }]];

    private static V1Container Container(RolloutPlan plan)
    {
        V1EnvVar[] environment = [.. RegistryCredentials.Environment(plan.Spec)];
        return new V1Container
        {
            Name = ContainerName,
            Image = plan.Image.Reference,
            ImagePullPolicy = plan.Image.PullPolicy,
            Env = environment.Length == 0 ? null : environment,
            Resources = plan.Spec.Node.Resources ?? DefaultResources(),
            SecurityContext = new V1SecurityContext
            {
                AllowPrivilegeEscalation = false,
                ReadOnlyRootFilesystem = true,
                Capabilities = new V1Capabilities { Drop = ["ALL"] },
            },
            VolumeMounts =
            [
                new V1VolumeMount { Name = ConfigVolume, MountPath = ConfigDirectory, ReadOnlyProperty = true },
                .. RegistryCredentials.Mounts(plan.Spec),
            ],
        };
    }

    private static V1ResourceRequirements DefaultResources() => new()
    {
        Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("50m"), ["memory"] = new("64Mi") },
        Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("256Mi") },
    };
}
