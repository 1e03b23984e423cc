namespace LocalRegistry.Registry.Configuration.Check;

/// <summary>Who the registry is to the object store.</summary>
/// <param name="Arn">The caller's ARN as <c>sts:GetCallerIdentity</c> answers; null where the store has no such call, or the credentials could not be had.</param>
/// <param name="Source">Where the credentials come from: <c>config</c>, <c>environment</c>, <c>web-identity</c>, <c>profile</c>, <c>container</c> or <c>instance</c>.</param>
/// <param name="Role">The role that the environment asks for (<c>AWS_ROLE_ARN</c>), as a ServiceAccount with a role does; null if it asks for none.</param>
public sealed record CheckIdentity(string? Arn, string Source, string? Role = null);
