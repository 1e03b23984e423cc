using System.Text.Json;
using k8s.Models;
using LocalRegistry.Operator.Api;

namespace LocalRegistry.Operator.Manifests;

/// <summary>What the registry's pod gets of <c>spec.credentials</c>: a credentials file from a Secret, or a token that a role is given for.</summary>
internal static class RegistryCredentials
{
    private const string Volume = "credentials";
    private const string Directory = "/var/run/secrets/localregistry.dev/aws";
    private const string CredentialsFile = "credentials";
    private const string TokenFile = "token";

    // Owner and group may read; written in decimal because that is how JSON takes it.
    private const int OwnerAndGroupRead = 288;

    // As EKS has it. The kubelet renews the token long before.
    private const long TokenSeconds = 86_400;

    public static IEnumerable<V1EnvVar> Environment(LocalRegistrySpec spec)
    {
        if (spec.Credentials?.SecretRef is not null)
        {
            yield return new V1EnvVar { Name = "AWS_SHARED_CREDENTIALS_FILE", Value = $"{Directory}/{CredentialsFile}" };
        }

        if (spec.Credentials?.WebIdentity is not { } web)
        {
            yield break;
        }

        yield return new V1EnvVar { Name = "AWS_ROLE_ARN", Value = web.RoleArn };
        yield return new V1EnvVar { Name = "AWS_WEB_IDENTITY_TOKEN_FILE", Value = $"{Directory}/{TokenFile}" };
        yield return new V1EnvVar { Name = "AWS_REGION", Value = Region(spec.Config) };
        yield return new V1EnvVar { Name = "AWS_STS_REGIONAL_ENDPOINTS", Value = "regional" };
        if (web.StsEndpoint is { } endpoint)
        {
            yield return new V1EnvVar { Name = "AWS_ENDPOINT_URL_STS", Value = endpoint };
        }
    }

    public static IEnumerable<V1VolumeMount> Mounts(LocalRegistrySpec spec)
    {
        if (Source(spec) is not null)
        {
            yield return new V1VolumeMount { Name = Volume, MountPath = Directory, ReadOnlyProperty = true };
        }
    }

    public static IEnumerable<V1Volume> Volumes(LocalRegistrySpec spec)
    {
        if (Source(spec) is { } volume)
        {
            yield return volume;
        }
    }

    private static V1Volume? Source(LocalRegistrySpec spec) => spec.Credentials switch
    {
        { WebIdentity: { } web, SecretRef: var secret } => new V1Volume
        {
            Name = Volume,
            Projected = new V1ProjectedVolumeSource { DefaultMode = OwnerAndGroupRead, Sources = [.. Projections(web, secret)] },
        },
        { SecretRef: { } secret } => new V1Volume
        {
            Name = Volume,
            Secret = new V1SecretVolumeSource
            {
                SecretName = secret.Name,
                Optional = secret.Optional ? true : null,
                DefaultMode = OwnerAndGroupRead,
                Items = Items(secret),
            },
        },
        _ => null,
    };

    private static IEnumerable<V1VolumeProjection> Projections(WebIdentitySpec web, SecretKeyReference? secret)
    {
        yield return new V1VolumeProjection
        {
            ServiceAccountToken = new V1ServiceAccountTokenProjection { Audience = web.Audience, ExpirationSeconds = TokenSeconds, Path = TokenFile },
        };
        if (secret is not null)
        {
            yield return new V1VolumeProjection
            {
                Secret = new V1SecretProjection { Name = secret.Name, Optional = secret.Optional ? true : null, Items = Items(secret) },
            };
        }
    }

    private static IList<V1KeyToPath> Items(SecretKeyReference secret) => [new V1KeyToPath { Key = secret.Key, Path = CredentialsFile }];

    private static string Region(JsonElement config) => config.GetProperty("storage").GetProperty("s3").GetProperty("region").GetString()!;
}
