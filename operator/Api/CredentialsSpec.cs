namespace LocalRegistry.Operator.Api;

/// <summary>Where the registry's credentials come from (<c>spec.credentials</c>); left out, the pod's own identity is used.</summary>
public sealed record CredentialsSpec
{
    /// <summary>A shared credentials file, as on machines outside AWS.</summary>
    public SecretKeyReference? SecretRef { get; init; }
}
