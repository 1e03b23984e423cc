namespace LocalRegistry.Operator.Manifests;

/// <summary>The registry's image.</summary>
/// <param name="Reference">Its name with tag or digest.</param>
/// <param name="PullPolicy"><c>Always</c>, <c>IfNotPresent</c> or <c>Never</c>; null leaves it to Kubernetes.</param>
internal sealed record RegistryImage(string Reference, string? PullPolicy = null);
