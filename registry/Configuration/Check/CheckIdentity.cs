namespace LocalRegistry.Registry.Configuration.Check;

/// <summary>Who the registry is to the object store.</summary>
/// <param name="Arn">The caller's ARN as <c>sts:GetCallerIdentity</c> answers; null where the store has no such call, or the credentials could not be had.</param>
/// <param name="Source">Where the credentials come from: one of the constants here.</param>
/// <param name="Role">The role that the environment asks for (<c>AWS_ROLE_ARN</c>), as a ServiceAccount with a role does; null if it asks for none.</param>
public sealed record CheckIdentity(string? Arn, string Source, string? Role = null)
{
    /// <summary><c>accesskey</c> and <c>secretkey</c> of the configuration.</summary>
    public const string ConfigSource = "config";

    /// <summary>Keys in the environment.</summary>
    public const string EnvironmentSource = "environment";

    /// <summary>The token of a ServiceAccount, traded for those of a role.</summary>
    public const string WebIdentitySource = "web-identity";

    /// <summary>A shared credentials file.</summary>
    public const string ProfileSource = "profile";

    /// <summary>The agent that gives a pod its role, as EKS Pod Identity does.</summary>
    public const string ContainerSource = "container";

    /// <summary>The node's metadata service.</summary>
    public const string InstanceSource = "instance";
}
