using System.Text.Json.Nodes;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Configuration.Reference;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation;

/// <summary>Holds what a <c>LocalRegistry</c> refuses against the list that documentation and schema follow.</summary>
public sealed class RefusedKeysTests
{
    private const string Storage = "spec.config.storage: ";

    /// <summary>For each key of the list what is refused, and what that begins with.</summary>
    private static readonly Dictionary<string, (string Value, string Told)> Refused = new()
    {
        ["storage.filesystem"] = ("""{"rootdirectory": "/x"}""", Storage),
        ["storage.inmemory"] = ("{}", Storage),
        ["storage.s3.accesskey"] = ("\"a\"", "spec.config.storage.s3.accesskey: "),
        ["storage.s3.secretkey"] = ("\"a\"", "spec.config.storage.s3.secretkey: "),
        ["http.secret"] = ("\"a\"", "spec.config.http.secret: "),
        ["http.net"] = ("\"unix\"", "spec.config.http.net: "),
        ["http.prefix"] = ("\"/a/\"", "spec.config.http.prefix: "),
        ["http.tls"] = ("""{"certificate": "/c", "key": "/k"}""", "spec.config.http.tls: "),
        ["auth"] = ("""{"htpasswd": {"realm": "registry", "path": "/etc/htpasswd"}}""", "spec.config.auth: "),
    };

    public static TheoryData<string> Listed => [.. KeyRefusal.InResource.Select(r => r.Path)];

    public static TheoryData<string, string> Usable => new(ConfigurationReference.KeysOfResource
        // An entry of a list has more keys that it needs.
        .Where(k => k is { IsValue: true, Default: not null } && !k.Path.Contains("[]", StringComparison.Ordinal))
        .Where(k => ConfigurationReference.Texts.Single(t => t.Path == k.Path).DefaultInWords is null)
        .Select(k => (k.Path, k.Default!)));

    [Theory]
    [MemberData(nameof(Listed))]
    public void Run_refuses_every_key_of_the_list(string path)
    {
        Assert.True(Refused.ContainsKey(path), $"say in this test which value of {path} is refused, and how");
        (string value, string told) = Refused[path];

        Assert.Contains(told, Run(path, JsonNode.Parse(value)).Answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Usable))]
    public void Run_accepts_the_default_of_every_other_key(string path, string value)
    {
        ConfigurationAnswer answer = Run(path, value);

        Assert.True(answer.Candidate is not null, answer.Answer.Message);
    }

    private static ConfigurationAnswer Run(string path, JsonNode? value)
    {
        var config = (JsonObject)JsonNode.Parse("""{"version": 0.1, "storage": {"s3": {"region": "us-east-1", "bucket": "docker-registry"}}}""")!;
        string[] parts = path.Split('.');
        JsonObject section = config;
        foreach (string part in parts[..^1])
        {
            section[part] ??= new JsonObject();
            section = section[part]!.AsObject();
        }

        section[parts[^1]] = value;
        LocalRegistrySpec spec = Samples.Spec(config.ToJsonString());
        return ConfigurationCheck.Run(Samples.Registry(spec), Samples.Image, NodePlatform.Containerd);
    }
}
