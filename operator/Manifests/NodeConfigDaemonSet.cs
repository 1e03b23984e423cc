using k8s.Models;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The DaemonSet that tells the container runtime of every node of the mirrors. Its pods put everything back when they are ended.</summary>
internal static class NodeConfigDaemonSet
{
    /// <summary>Where a pod keeps its last report on its node.</summary>
    public const string StatusPath = StatusDirectory + "/status.json";

    /// <summary>The folder of <see cref="StatusPath"/>.</summary>
    public const string StatusDirectory = "/run/localregistry";

    private const string StatusVolume = "status";

    // Without a shell in the image, a probe has to name the program itself.
    private const string Program = "/usr/local/bin/registry";

    /// <summary>The DaemonSet of a plan; null if the plan asks for no mirrors.</summary>
    public static V1DaemonSet? Build(Owner owner, RolloutPlan plan)
    {
        if (plan.Runtime is not { } runtime)
        {
            return null;
        }

        V1PodTemplateSpec template = NodeConfigPod.Build(
            owner,
            plan.Image,
            runtime,
            Labels.NodeConfigComponent,
            writes: true,
            MirrorsConfigMap.NameOf(owner, plan),
            ["node-config", "run", NodeConfigPod.MirrorsPath, "--status-file", StatusPath]);
        template.Metadata.Annotations = new Dictionary<string, string> { [Labels.MirrorsHash] = plan.MirrorsHash! };
        template.Spec.ServiceAccountName = Names.NodeConfig(owner);
        // Where the registry is, and nowhere else: a runtime must not be told of a mirror that is not there.
        template.Spec.NodeSelector = RegistryPodTemplate.NodeSelector(plan.Spec.Node);
        template.Spec.Tolerations = RegistryPodTemplate.Tolerations(plan.Spec.Node);
        // Long enough for every host to be put back as it was.
        template.Spec.TerminationGracePeriodSeconds = 30;
        template.Spec.Volumes.Add(new V1Volume
        {
            Name = StatusVolume,
            EmptyDir = new V1EmptyDirVolumeSource { Medium = "Memory", SizeLimit = new ResourceQuantity("1Mi") },
        });
        V1Container container = template.Spec.Containers[0];
        container.VolumeMounts.Add(new V1VolumeMount { Name = StatusVolume, MountPath = StatusDirectory });
        container.ReadinessProbe = new V1Probe
        {
            Exec = new V1ExecAction { Command = [Program, "node-config", "ready", "--status-file", StatusPath] },
            PeriodSeconds = 10,
            TimeoutSeconds = 5,
        };
        return new V1DaemonSet
        {
            Metadata = owner.Metadata(Names.NodeConfig(owner), Labels.NodeConfigComponent),
            Spec = new V1DaemonSetSpec
            {
                Selector = new V1LabelSelector { MatchLabels = Labels.Selector(owner.Name, Labels.NodeConfigComponent) },
                Template = template,
                UpdateStrategy = new V1DaemonSetUpdateStrategy
                {
                    Type = "RollingUpdate",
                    RollingUpdate = new V1RollingUpdateDaemonSet { MaxUnavailable = RolloutPace.MaxUnavailable },
                },
            },
        };
    }
}
