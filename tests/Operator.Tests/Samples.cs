using System.Text.Json;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Tests;

/// <summary>A resource as a user would write it, and what follows from it.</summary>
internal static class Samples
{
    public const string Config = """
        {"version": 0.1,
         "log": {"level": "info", "formatter": "text", "fields": {"service": "registry"}},
         "storage": {"cache": {"blobdescriptor": "inmemory"},
                     "s3": {"region": "us-east-1", "bucket": "docker-registry", "encrypt": true, "secure": true, "v4auth": true, "rootdirectory": "/myroot"}},
         "http": {"addr": ":5000", "headers": {"X-Content-Type-Options": ["nosniff"]}},
         "health": {"storagedriver": {"enabled": true, "interval": "10s", "threshold": 3}}}
        """;

    public static RegistryImage Image { get; } = new("registry.example.com/localregistry:1");

    public static Owner Owner { get; } = new("local-registry", "registry", "11111111-2222-3333-4444-555555555555");

    public static LocalRegistrySpec Spec(string config = Config) => new() { Config = JsonElement.Parse(config) };

    public static V1Alpha1LocalRegistry Registry(LocalRegistrySpec? spec = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = Owner.Name, NamespaceProperty = Owner.Namespace, Uid = Owner.Uid, Generation = 3 },
        Spec = spec ?? Spec(),
    };

    public static Candidate Candidate(LocalRegistrySpec? spec = null) => ConfigurationCheck.Run(Registry(spec), Image, NodePlatform.Containerd).Candidate!;

    public static RolloutPlan Plan(LocalRegistrySpec? spec = null) => Candidate(spec).Plan;

    /// <summary>A resource with mirrors of every kind, and a choice of repositories.</summary>
    public static LocalRegistrySpec Mirrored() => Spec() with
    {
        Mirrors =
        [
            new MirrorSpec { Host = "docker.io", Prefix = "mirror/docker.io" },
            new MirrorSpec { Host = "quay.example.com:5000", Fallback = false, Existing = ExistingMirrors.Replace },
            new MirrorSpec { Host = "*", Prefix = "others" },
        ],
        Repositories = ["team/app", "mirror/*"],
    };

    public static S3Driver Driver(string extra = "")
    {
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(
            $"{{version: 0.1, storage: {{s3: {{region: us-east-1, bucket: docker-registry{(extra.Length == 0 ? "" : ", " + extra)}}}}}}}");
        return (S3Driver)result.Value!.Storage.Driver;
    }

    public static CheckContext Context(string driver = "", ValidationSpec? validation = null) =>
        new(Owner, Spec() with { Validation = validation ?? new ValidationSpec() }, Driver(driver));

    /// <summary>A DaemonSet as the API server gives it back when its controller has got so far.</summary>
    /// <param name="json">What was applied.</param>
    /// <param name="desired">How many nodes it is for.</param>
    /// <param name="updated">How many have its newest revision.</param>
    /// <param name="observed">Whether the controller has seen that revision.</param>
    public static string RolledOut(string json, int desired, int updated, bool observed = true)
    {
        V1DaemonSet daemonSet = KubernetesJson.Deserialize<V1DaemonSet>(json);
        daemonSet.Metadata.Generation = 2;
        daemonSet.Status = new V1DaemonSetStatus
        {
            ObservedGeneration = observed ? 2 : 1, DesiredNumberScheduled = desired, UpdatedNumberScheduled = updated,
        };
        return KubernetesJson.Serialize(daemonSet);
    }

    public static T Parse<T>(string yaml) => KubernetesYaml.Deserialize<T>(yaml);
}
