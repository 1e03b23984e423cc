using System.Text.Json;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Validation;

/// <summary>
/// Reads the resource as the registry on the nodes will read its configuration, by the same library. What the registry could not do, and what
/// the resource must not hold, is refused with its path.
/// </summary>
internal static class ConfigurationCheck
{
    private const int DefaultPort = 5000;
    private const int DefaultDebugPort = 5001;

    // The definition says both too; API servers before 1.25 do not enforce its rules.
    private const int LongestName = 40;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    // The kubelet gives the pod a little more than that to end.
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(20);

    /// <param name="registry">The resource.</param>
    /// <param name="image">The image that its registry would run.</param>
    /// <param name="platform">The kind of its nodes, as it is seen from them.</param>
    public static ConfigurationAnswer Run(V1Alpha1LocalRegistry registry, RegistryImage image, NodePlatform platform)
    {
        var problems = new List<string>();
        LocalRegistrySpec spec = registry.Spec;
        if (registry.Name().Length > LongestName)
        {
            problems.Add($"metadata.name: must have at most {LongestName} characters");
        }

        if (!GoDuration.TryParse(spec.Validation.Interval, out TimeSpan interval) || interval < ShortestInterval || interval > LongestInterval)
        {
            problems.Add($"spec.validation.interval: must be a duration from 1m to 24h, such as 10m, not \"{spec.Validation.Interval}\"");
        }

        if (spec.Config.ValueKind != JsonValueKind.Object)
        {
            problems.Add("spec.config: must be the registry's config.yml, beginning with version: 0.1");
            return Refused(problems);
        }

        RefuseSecrets(spec.Config, problems);
        RefuseSharedUploads(spec.Config, problems);
        problems.AddRange(CredentialsSpecCheck.Problems(spec.Credentials));
        problems.AddRange(NodeCacheCheck.Problems(spec.Node.Cache));
        RefuseOtherAccess(spec, problems);
        IReadOnlyList<ListenerProblem> listener = ListenerCheck.Problems(spec.Config);
        problems.AddRange(listener.Select(p => $"spec.config.{p.Path}: {p.Message}"));
        bool isSocket = listener.Any(p => p.Covers("http.addr"));
        int port = isSocket
            ? spec.Node.Port ?? DefaultPort
            : Port(spec.Node.Port, "spec.node.port", spec.Config, ["http", "addr"], DefaultPort, problems);
        int debugPort = Port(spec.Node.DebugPort, "spec.node.debugPort", spec.Config, ["http", "debug", "addr"], DefaultDebugPort, problems);
        if (port == debugPort)
        {
            problems.Add($"spec.node.debugPort: must differ from the registry's port, {port}");
        }

        string config = ConfigRendering.Render(spec.Config, spec.Node.Network, port, debugPort, spec.Access);
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(config);
        problems.AddRange(result.Errors.Where(e => !listener.Any(p => p.Covers(e.Path))).Select(Describe));
        var driver = result.Value?.Storage.Driver as S3Driver;
        if (result.IsValid && driver is null)
        {
            problems.Add("spec.config.storage: must name the s3 driver: with any other, every node would hold content of its own");
        }

        if (result.Value?.Http.DrainTimeout > LongestDrain)
        {
            problems.Add($"spec.config.http.draintimeout: must be at most {LongestDrain.TotalSeconds:0}s: the pod is ended soon after");
        }

        var owner = Owner.Of(registry);
        NodeRuntime runtime = PlatformDetection.Runtime(spec.Node.Runtime, platform);
        NodeRuntime? told = spec.Mirrors is { Count: > 0 } ? runtime : null;
        string? mirrors = MirrorsRendering.Render($"{owner.Namespace}/{owner.Name}", spec, port, debugPort, told);
        problems.AddRange(MirrorsCheck.Problems(owner, spec, image, runtime, mirrors));
        if (problems.Count > 0)
        {
            return Refused(problems);
        }

        var plan = new RolloutPlan
        {
            Generation = registry.Generation() ?? 0,
            Image = image,
            Port = port,
            DebugPort = debugPort,
            Config = config,
            Mirrors = mirrors,
            Runtime = told,
            Platform = told is null ? null : spec.Node.Runtime.Platform ?? platform,
            Spec = spec,
        };
        string message = result.Warnings.Count == 0
            ? "The registry can read spec.config."
            : $"The registry can read spec.config. Without effect: {string.Join("; ", result.Warnings.Select(Describe))}";
        return new ConfigurationAnswer(ConditionAnswer.True(Reasons.ConfigurationAccepted, message), new Candidate(plan, driver!, interval));
    }

    private static ConfigurationAnswer Refused(List<string> problems) =>
        new(ConditionAnswer.False(Reasons.InvalidConfiguration, string.Join("; ", problems)), null);

    // Lines are those of the rendered file, which the user never sees; the path is what finds the place in the resource.
    private static string Describe(ConfigurationProblem problem) =>
        problem.Path.Length == 0 ? $"spec.config: {problem.Message}" : $"spec.config.{problem.Path}: {problem.Message}";

    private static void RefuseSecrets(JsonElement config, List<string> problems)
    {
        foreach (string key in (ReadOnlySpan<string>)["accesskey", "secretkey"])
        {
            if (Find(config, "storage", "s3", key) is not null)
            {
                problems.Add($"spec.config.storage.s3.{key}: must not stand in the resource, which many may read: put a credentials file into a "
                    + "Secret, name it in spec.credentials.secretRef and remove the key");
            }
        }
    }

    private static void RefuseSharedUploads(JsonElement config, List<string> problems)
    {
        if (Find(config, "http", "secret") is not null)
        {
            problems.Add("spec.config.http.secret: must not stand in the resource, which many may read, and brings nothing here: a node's clients speak to "
                + "the registry of their own node, so no upload is gone on with elsewhere; remove it");
        }
    }

    private static void RefuseOtherAccess(LocalRegistrySpec spec, List<string> problems)
    {
        bool readOnly = spec.Access == AccessMode.ReadOnly;
        if (Find(spec.Config, "storage", "maintenance", "readonly", "enabled") is { ValueKind: JsonValueKind.True or JsonValueKind.False } enabled
            && enabled.GetBoolean() != readOnly)
        {
            problems.Add($"spec.config.storage.maintenance.readonly.enabled: contradicts spec.access, which says {spec.Access}; remove the key");
        }
    }

    private static int Port(int? asked, string askedPath, JsonElement config, string[] path, int absent, List<string> problems)
    {
        if (asked is < 1 or > ushort.MaxValue)
        {
            problems.Add($"{askedPath}: must be from 1 to {ushort.MaxValue}, not {asked}");
        }

        if (Find(config, path) is not { ValueKind: JsonValueKind.String } address)
        {
            return asked ?? absent;
        }

        if (!ListenAddress.TryParse(address.GetString()!, out ListenAddress? parsed) || parsed.Port == 0)
        {
            problems.Add($"spec.config.{string.Join('.', path)}: must be an address with a port, such as :{absent}, not \"{address.GetString()}\"");
            return asked ?? absent;
        }

        return asked ?? parsed.Port;
    }

    private static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string key in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.Null ? null : element;
    }
}
