using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>The identity that the registry is meant to have.</summary>
/// <param name="Role">The ARN of the role that it is to take; null if none is named.</param>
/// <param name="By">What names it, for a sentence.</param>
internal sealed record AskedIdentity(string? Role, string By)
{
    /// <summary>What the resource asks for or, where it says nothing, the environment that the registry's pod was given.</summary>
    public static AskedIdentity Of(LocalRegistrySpec spec, CheckReport? report)
    {
        if (spec.Credentials?.WebIdentity is { } webIdentity)
        {
            return new AskedIdentity(webIdentity.RoleArn, $"spec.credentials.webIdentity asks for role {webIdentity.RoleArn}");
        }

        // Without its Secret, the pod's own identity is as good.
        if (spec.Credentials?.SecretRef is { Optional: false } secret)
        {
            return new AskedIdentity(null, $"spec.credentials.secretRef names Secret \"{secret.Name}\"");
        }

        if (RegistryServiceAccount.RoleOf(spec) is { } annotated)
        {
            return new AskedIdentity(annotated, $"spec.serviceAccount.annotations ask for role {annotated}");
        }

        return report?.Identity?.Role is { Length: > 0 } role
            ? new AskedIdentity(role, $"its ServiceAccount asks for role {role}")
            : new AskedIdentity(null, "nothing asks for an identity");
    }
}
