using k8s.Models;

namespace LocalRegistry.Operator.Api;

/// <summary>The registry's cache on the disk of each node (<c>spec.node.cache</c>).</summary>
public sealed record NodeCacheSpec
{
    /// <summary>How often what lies in the cache is read again, if the resource does not say.</summary>
    public const string DefaultVerifyInterval = "24h";

    /// <summary>The most that it takes, as Kubernetes writes quantities: <c>20Gi</c>, or a number of bytes.</summary>
    public IntOrString? Size { get; init; }

    /// <summary>What it leaves free of its file system, as a quantity; null for a tenth of all.</summary>
    public IntOrString? Free { get; init; }

    /// <summary>The folder on the nodes that it gets a folder of its own in; null for a volume that goes with the pod.</summary>
    public string? HostPath { get; init; }

    /// <summary>Whether it answers while S3 cannot be asked whether what it has still holds.</summary>
    public bool ServeStale { get; init; } = true;

    /// <summary>How often everything in it is read again and checked, as Go writes durations; <c>0s</c> for never.</summary>
    public string VerifyInterval { get; init; } = DefaultVerifyInterval;
}
