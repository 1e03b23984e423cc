using k8s.Models;
using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Manifests;

/// <summary>The DaemonSet that puts the registry on every node.</summary>
internal static class RegistryDaemonSet
{
    private const string Loopback = "127.0.0.1";

    public static V1DaemonSet Build(Owner owner, RolloutPlan plan)
    {
        V1PodTemplateSpec template = RegistryPodTemplate.Build(owner, plan, Labels.RegistryComponent);
        template.Metadata.Annotations = new Dictionary<string, string> { [Labels.ConfigHash] = plan.ConfigHash };
        if (RegistryServiceAccount.RoleOf(plan.Spec) is { } role)
        {
            // A pod has the role that its ServiceAccount had when it was made.
            template.Metadata.Annotations[Labels.Role] = role;
        }

        template.Spec.PriorityClassName = "system-node-critical";
        template.Spec.TerminationGracePeriodSeconds = 30;
        V1Container container = template.Spec.Containers[0];
        container.Args = ["serve", RegistryPodTemplate.ConfigPath];
        if (MirrorsConfigMap.NameOf(owner, plan) is { } mirrors)
        {
            // A change of any part of mirrors.yml rolls the registry, since both of its readers are given the same ConfigMap.
            container.Args = [.. container.Args, "--mirrors", NodeConfigPod.MirrorsPath];
            foreach ((V1Volume volume, V1VolumeMount mount) in NodeConfigPod.Configuration(mirrors))
            {
                container.VolumeMounts.Add(mount);
                template.Spec.Volumes.Add(volume);
            }
        }

        if (plan.Spec.Node.Cache is { } cache)
        {
            NodeCache.AddTo(template.Spec, owner, cache);
        }

        container.Ports = [.. Ports(plan)];
        container.ReadinessProbe = Probe(plan, plan.DebugPort, "/debug/health", periodSeconds: 5, failureThreshold: 2);
        container.LivenessProbe = Probe(plan, plan.Port, "/", periodSeconds: 10, failureThreshold: 6);
        return new V1DaemonSet
        {
            Metadata = owner.Metadata(Names.DaemonSet(owner), Labels.RegistryComponent),
            Spec = new V1DaemonSetSpec
            {
                Selector = new V1LabelSelector { MatchLabels = Labels.Selector(owner.Name) },
                Template = template,
                // A registry that starts and then crashes must stop the rollout.
                MinReadySeconds = 10,
                UpdateStrategy = new V1DaemonSetUpdateStrategy
                {
                    Type = "RollingUpdate",
                    RollingUpdate = new V1RollingUpdateDaemonSet { MaxUnavailable = RolloutPace.MaxUnavailable },
                },
            },
        };
    }

    // Declared on the host network as well, where they change nothing, so that the scheduler sees who wants the same port.
    private static IEnumerable<V1ContainerPort> Ports(RolloutPlan plan)
    {
        yield return new V1ContainerPort
        {
            Name = "registry", ContainerPort = plan.Port, HostPort = plan.Port, HostIP = Loopback, Protocol = "TCP",
        };
        bool host = plan.Spec.Node.Network == NodeNetwork.Host;
        yield return new V1ContainerPort
        {
            Name = "debug", ContainerPort = plan.DebugPort, HostPort = host ? plan.DebugPort : null, HostIP = host ? Loopback : null, Protocol = "TCP",
        };
    }

    private static V1Probe Probe(RolloutPlan plan, int port, string path, int periodSeconds, int failureThreshold) => new()
    {
        // On the host network the registry listens on the node's loopback interface only, where the kubelet is too.
        HttpGet = new V1HTTPGetAction { Path = path, Port = port, Host = plan.Spec.Node.Network == NodeNetwork.Host ? Loopback : null },
        PeriodSeconds = periodSeconds,
        TimeoutSeconds = 3,
        FailureThreshold = failureThreshold,
    };
}
