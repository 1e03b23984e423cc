using k8s.Models;
using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Manifests;

/// <summary>
/// The pod that the DaemonSet and the preflight share: same image, identity, network position, placement and mounts, so that what the preflight
/// proves holds for the registry.
/// </summary>
internal static class RegistryPodTemplate
{
    public const string ContainerName = "registry";
    public const string ConfigPath = ConfigDirectory + "/" + RegistryConfigMap.Key;

    private const string ConfigDirectory = "/etc/distribution";
    private const string CredentialsDirectory = "/var/run/secrets/localregistry.dev/aws";
    private const string CredentialsFile = "credentials";

    // The "app" user of .NET's images.
    private const long User = 1654;

    // Owner and group may read; written in decimal because that is how JSON takes it.
    private const int OwnerAndGroupRead = 288;

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
                NodeSelector = node.NodeSelector is { Count: > 0 } selector ? new Dictionary<string, string>(selector) : null,
                Tolerations = [.. node.Tolerations ?? [new V1Toleration { OperatorProperty = "Exists" }]],
                SecurityContext = new V1PodSecurityContext
                {
                    RunAsNonRoot = true,
                    RunAsUser = User,
                    RunAsGroup = User,
                    FsGroup = User,
                    SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
                },
                Containers = [Container(plan)],
                Volumes = [.. Volumes(owner, plan)],
            },
        };
    }

    private static V1Container Container(RolloutPlan plan)
    {
        SecretKeyReference? secret = plan.Spec.Credentials?.SecretRef;
        List<V1VolumeMount> mounts = [new() { Name = "config", MountPath = ConfigDirectory, ReadOnlyProperty = true }];
        if (secret is not null)
        {
            mounts.Add(new V1VolumeMount { Name = "credentials", MountPath = CredentialsDirectory, ReadOnlyProperty = true });
        }

        return new V1Container
        {
            Name = ContainerName,
            Image = plan.Image.Reference,
            ImagePullPolicy = plan.Image.PullPolicy,
            Env = secret is null ? null : [new V1EnvVar { Name = "AWS_SHARED_CREDENTIALS_FILE", Value = $"{CredentialsDirectory}/{CredentialsFile}" }],
            Resources = plan.Spec.Node.Resources ?? DefaultResources(),
            SecurityContext = new V1SecurityContext
            {
                AllowPrivilegeEscalation = false,
                ReadOnlyRootFilesystem = true,
                Capabilities = new V1Capabilities { Drop = ["ALL"] },
            },
            VolumeMounts = mounts,
        };
    }

    private static IEnumerable<V1Volume> Volumes(Owner owner, RolloutPlan plan)
    {
        yield return new V1Volume
        {
            Name = "config",
            ConfigMap = new V1ConfigMapVolumeSource { Name = Names.ConfigMap(owner, plan.ConfigHash) },
        };
        if (plan.Spec.Credentials?.SecretRef is { } secret)
        {
            yield return new V1Volume
            {
                Name = "credentials",
                Secret = new V1SecretVolumeSource
                {
                    SecretName = secret.Name,
                    DefaultMode = OwnerAndGroupRead,
                    Items = [new V1KeyToPath { Key = secret.Key, Path = CredentialsFile }],
                },
            };
        }
    }

    private static V1ResourceRequirements DefaultResources() => new()
    {
        Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("50m"), ["memory"] = new("64Mi") },
        Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("256Mi") },
    };
}
