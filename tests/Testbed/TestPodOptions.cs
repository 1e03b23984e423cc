namespace LocalRegistry.Testbed;

/// <summary>How a <see cref="TestPod"/> runs.</summary>
public sealed record TestPodOptions
{
    /// <summary>Its namespace, which exists.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Whether it is in its node's network.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Whether its kubelet asks for the image although the node has it.</summary>
    public bool AlwaysPull { get; init; }
}
