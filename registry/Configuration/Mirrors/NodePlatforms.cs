namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>Where the runtimes of the known kinds of nodes have their configuration.</summary>
public static class NodePlatforms
{
    /// <summary>The runtime of a kind of node.</summary>
    public static NodeRuntime RuntimeOf(NodePlatform platform) => platform switch
    {
        NodePlatform.EKS => Containerd("/etc/containerd/config.toml", "/etc/containerd/certs.d", "/etc/docker/certs.d"),
        NodePlatform.K3s => Containerd("/var/lib/rancher/k3s/agent/etc/containerd/config.toml", "/var/lib/rancher/k3s/agent/etc/containerd/certs.d"),
        NodePlatform.RKE2 => Containerd("/var/lib/rancher/rke2/agent/etc/containerd/config.toml", "/var/lib/rancher/rke2/agent/etc/containerd/certs.d"),
        NodePlatform.K0s => Containerd("/etc/k0s/containerd.toml", "/etc/k0s/containerd.d/certs.d"),
        NodePlatform.Talos => Containerd("/etc/cri/containerd.toml", "/etc/cri/conf.d/hosts"),
        // In the folder around it is registries.conf, which says of hosts what ours has to say again.
        NodePlatform.CRIO => new NodeRuntime(RuntimeKind.RegistriesConf, null, ["/etc/containers/registries.conf.d", "/etc/containers"]),
        _ => Containerd("/etc/containerd/config.toml", "/etc/containerd/certs.d"),
    };

    private static NodeRuntime Containerd(string configuration, params IReadOnlyList<string> directories) =>
        new(RuntimeKind.Containerd, configuration, directories);
}
