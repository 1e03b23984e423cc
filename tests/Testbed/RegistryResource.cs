using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace LocalRegistry.Testbed;

/// <summary>A LocalRegistry resource on a cluster, made from the repository's <c>localregistry.yaml</c>.</summary>
public sealed class RegistryResource
{
    private readonly Cluster _cluster;
    private readonly JsonObject _manifest;

    private RegistryResource(Cluster cluster, JsonObject manifest)
    {
        _cluster = cluster;
        _manifest = manifest;
    }

    /// <summary>Its name, and that of its DaemonSet.</summary>
    public string Name => (string)_manifest["metadata"]!["name"]!;

    /// <summary>Its namespace, and that of all that is made for it.</summary>
    public string Namespace => (string)_manifest["metadata"]!["namespace"]!;

    /// <summary>What is asked for; a change takes effect with <see cref="ApplyAsync"/>.</summary>
    public JsonObject Spec => _manifest["spec"]!.AsObject();

    /// <summary>The registry's configuration in it.</summary>
    public JsonObject Config => Spec["config"]!.AsObject();

    /// <summary>The resource of <c>localregistry.yaml</c> for a bucket of the bed's S3, with that S3's credentials.</summary>
    public static async Task<RegistryResource> FromSampleAsync(Bed bed, string bucket, CancellationToken ct)
    {
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var sample = yaml.Deserialize<Dictionary<string, object>>(await File.ReadAllTextAsync(Repository.PathOf("localregistry.yaml"), ct));
        var resource = new RegistryResource(bed.Cluster, JsonSerializer.SerializeToNode(sample)!.AsObject());
        resource.Spec["credentials"] = new JsonObject
        {
            ["secretRef"] = new JsonObject { ["name"] = Product.RegistrySecret, ["key"] = "credentials" },
        };
        var s3 = resource.Config["storage"]!["s3"]!;
        s3["bucket"] = bucket;
        s3["regionendpoint"] = bed.S3.Endpoint.ToString().TrimEnd('/');
        s3["secure"] = false;
        return resource;
    }

    /// <summary>Gives the resource another name and other ports, to live beside others on the same nodes.</summary>
    public void MoveTo(string name, int port)
    {
        _manifest["metadata"]!["name"] = name;
        Spec["node"] = new JsonObject { ["port"] = port, ["debugPort"] = port + 1 };
    }

    /// <summary>Has the resource live in another namespace.</summary>
    public void MoveTo(string @namespace) => _manifest["metadata"]!["namespace"] = @namespace;

    /// <summary>Applies the resource by server-side apply.</summary>
    public Task ApplyAsync(CancellationToken ct) => _cluster.ApplyAsync(_manifest.ToJsonString(), ct);

    /// <summary>Deletes the resource and returns when it is gone.</summary>
    public Task DeleteAsync(CancellationToken ct) =>
        _cluster.KubectlAsync(["--namespace", Namespace, "delete", "localregistry", Name, "--ignore-not-found", "--timeout=90s"], ct);

    /// <summary>The conditions that speak of the resource's current generation.</summary>
    public async Task<IReadOnlyList<ResourceCondition>> ConditionsAsync(CancellationToken ct)
    {
        var current = await GetAsync(ct);
        var generation = (long)current["metadata"]!["generation"]!;
        var conditions = current["status"]?["conditions"]?.AsArray() ?? [];
        return [.. conditions.Where(c => (long)c!["observedGeneration"]! == generation).Select(c => c.Deserialize<ResourceCondition>(JsonSerializerOptions.Web)!)];
    }

    /// <summary>The checks of the resource's current generation.</summary>
    public async Task<IReadOnlyList<ResourceCheck>> ChecksAsync(CancellationToken ct)
    {
        var current = await GetAsync(ct);
        var isCurrent = (long?)current["status"]?["observedGeneration"] == (long)current["metadata"]!["generation"]!;
        var checks = isCurrent ? current["status"]!["checks"]?.AsArray() ?? [] : [];
        return [.. checks.Select(c => c.Deserialize<ResourceCheck>(JsonSerializerOptions.Web)!)];
    }

    /// <summary>Waits until a check gives a reason, and returns it.</summary>
    public async Task<ResourceCheck> WaitForCheckAsync(string name, string reason, TimeSpan deadline, CancellationToken ct)
    {
        var seen = await Wait.UntilAsync(
            $"check {name} of {Name} to say {reason}",
            async token => (await ChecksAsync(token)).FirstOrDefault(check => check.Name == name),
            check => check?.Reason == reason,
            deadline,
            ct);
        return seen!;
    }

    /// <summary>Waits until a condition has a status for the resource's current generation, and returns it.</summary>
    public async Task<ResourceCondition> WaitForAsync(string type, string status, TimeSpan deadline, CancellationToken ct)
    {
        var seen = await Wait.UntilAsync(
            $"{Name} to have {type}={status}",
            async token => new Conditions(await ConditionsAsync(token)),
            conditions => conditions.Find(type)?.Status == status,
            deadline,
            ct);
        return seen.Find(type)!;
    }

    private async Task<JsonNode> GetAsync(CancellationToken ct) =>
        JsonNode.Parse(await _cluster.KubectlAsync(["--namespace", Namespace, "get", "localregistry", Name, "-o", "json"], ct))!;

    // For the message of a wait that fails.
    private sealed record Conditions(IReadOnlyList<ResourceCondition> All)
    {
        public ResourceCondition? Find(string type) => All.FirstOrDefault(condition => condition.Type == type);

        public override string ToString() => string.Join("; ", All);
    }
}
