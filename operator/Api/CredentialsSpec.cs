namespace LocalRegistry.Operator.Api;

/// <summary>Where the registry's credentials come from (<c>spec.credentials</c>), by at most one of the two; left out, the pod's own identity is used.</summary>
public sealed record CredentialsSpec
{
    /// <summary>A shared credentials file, as on machines outside AWS.</summary>
    public SecretKeyReference? SecretRef { get; init; }

    /// <summary>A role for the token of the registry's ServiceAccount, without the admission webhook that EKS has for it.</summary>
    public WebIdentitySpec? WebIdentity { get; init; }
}
