namespace LocalRegistry.Operator.Api;

/// <summary>A role that the store's token service gives for the token of the registry's ServiceAccount (<c>spec.credentials.webIdentity</c>).</summary>
public sealed record WebIdentitySpec
{
    /// <summary>The audience of the token, if the resource names none: AWS's token service.</summary>
    public const string DefaultAudience = "sts.amazonaws.com";

    /// <summary>The role's ARN.</summary>
    public required string RoleArn { get; init; }

    /// <summary>Whom the token is for. The OIDC provider and the role's trust policy must name it.</summary>
    public string Audience { get; init; } = DefaultAudience;

    /// <summary>The token service's URL; null means AWS's, or the store's own where <c>storage.s3.regionendpoint</c> is not AWS.</summary>
    public string? StsEndpoint { get; init; }
}
