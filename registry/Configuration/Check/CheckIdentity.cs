namespace LocalRegistry.Registry.Configuration.Check;

/// <summary>Who the registry is to the object store.</summary>
/// <param name="Arn">The caller's ARN as <c>sts:GetCallerIdentity</c> answers; null where the store has no such call.</param>
/// <param name="Source">Where the credentials came from: <c>config</c>, <c>environment</c>, <c>web-identity</c>, <c>profile</c>, <c>container</c> or <c>instance</c>.</param>
public sealed record CheckIdentity(string? Arn, string Source);
