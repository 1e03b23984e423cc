using System.Text.Json.Serialization;

namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>The kinds of nodes whose paths are known.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodePlatform>))]
public enum NodePlatform
{
    /// <summary>containerd as its own documentation sets it up, as on kubeadm's nodes, in kind and in Minikube.</summary>
    Containerd,

    /// <summary>Amazon EKS: containerd with a list of two folders.</summary>
    EKS,

    /// <summary>K3s with its own containerd.</summary>
    K3s,

    /// <summary>RKE2 with its own containerd.</summary>
    RKE2,

    /// <summary>k0s with its own containerd.</summary>
    K0s,

    /// <summary>Talos Linux.</summary>
    Talos,

    /// <summary>CRI-O.</summary>
    CRIO,
}
