namespace LocalRegistry.Operator.Api;

/// <summary>The types of a LocalRegistry's conditions.</summary>
public static class ConditionTypes
{
    /// <summary>Everything below holds for the resource's current generation.</summary>
    public const string Ready = "Ready";

    /// <summary>The registry can read <c>spec.config</c>.</summary>
    public const string ConfigValid = "ConfigValid";

    /// <summary>The bucket encrypts what is written to it, in the way that the configuration asks for.</summary>
    public const string BucketEncrypted = "BucketEncrypted";

    /// <summary>Nothing about the bucket lets others in, or takes images away.</summary>
    public const string BucketProtected = "BucketProtected";

    /// <summary>The registry's own identity may do what its configuration needs.</summary>
    public const string AccessGranted = "AccessGranted";

    /// <summary>Every node's container runtime pulls images of the hosts in <c>spec.mirrors</c> through its registry.</summary>
    public const string MirrorConfigured = "MirrorConfigured";

    /// <summary>Enough nodes serve.</summary>
    public const string Available = "Available";

    /// <summary>A rollout is under way.</summary>
    public const string Progressing = "Progressing";
}
