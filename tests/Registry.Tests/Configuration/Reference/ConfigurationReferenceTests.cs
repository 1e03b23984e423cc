using System.Text.Json;
using System.Text.Json.Nodes;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Reference;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration.Reference;

/// <summary>Holds what is told of the configuration against what is read of it.</summary>
public sealed class ConfigurationReferenceTests
{
    private const string Page = "docs/configuration.md";
    private const string UpdateVariable = "LOCALREGISTRY_UPDATE_DOCS";

    /// <summary>A good value for every key that must be there.</summary>
    private static readonly Dictionary<string, string> Samples = new()
    {
        ["version"] = "0.1",
        ["storage.s3.bucket"] = "images",
        ["storage.s3.region"] = "us-east-1",
        ["http.tls.certificate"] = "/certs/server.crt",
        ["http.tls.key"] = "/certs/server.key",
        ["health.file[].file"] = "/tmp/out-of-use",
        ["health.http[].uri"] = "https://registry.example.com/",
        ["health.tcp[].addr"] = "store.example.com:9000",
        ["auth.htpasswd.realm"] = "registry",
        ["auth.htpasswd.path"] = "/etc/htpasswd",
        ["validation.manifests.indexes.platformlist[].architecture"] = "amd64",
        ["validation.manifests.indexes.platformlist[].os"] = "linux",
    };

    public static TheoryData<string> KeysWithDefault => [.. ConfigurationReference.Keys.Where(k => k.IsValue && DefaultOf(k) is not null).Select(k => k.Path)];

    [Fact]
    public void Every_key_that_is_read_has_a_text_and_every_text_a_key()
    {
        string[] silent = [.. ConfigurationReference.Keys.Where(k => k.IsValue).Select(k => k.Path).Except(ConfigurationReference.Texts.Select(t => t.Path))];
        string[] gone = [.. ConfigurationReference.Texts.Select(t => t.Path).Concat(KeyRefusal.InResource.Select(r => r.Path)).Except(ConfigurationReference.Keys.Where(k => k.Kind != KeyKind.Refused).Select(k => k.Path))];

        Assert.True(silent.Length == 0, $"say in registry/Configuration/Reference what these keys mean: {string.Join(", ", silent)}");
        Assert.True(gone.Length == 0, $"these keys of registry/Configuration/Reference are not read any more: {string.Join(", ", gone)}");
        Assert.Distinct(ConfigurationReference.Texts.Select(t => t.Path));
    }

    [Fact]
    public void Sections_that_are_read_only_if_they_are_there_are_in_the_documents()
    {
        IEnumerable<string> unopened = ConfigurationReference.Keys
            .Where(k => k.Kind is KeyKind.Section or KeyKind.Sections && !ConfigurationReference.Keys.Any(below => below != k && below.IsUnder(k.Path)))
            .Select(k => k.Path)
            // Here everything is said by the driver's name.
            .Except(["storage.inmemory"]);

        Assert.Empty(unopened);
    }

    [Fact]
    public void Every_default_is_said_once()
    {
        Assert.All(ConfigurationReference.Keys.Where(k => k.IsValue), key =>
        {
            KeyText text = TextOf(key)!;
            bool isSaid = key.Required || key.Default is not null || text.Default is not null || text.DefaultInWords is not null;
            Assert.True(isSaid, $"{key.Path}: say what holds without it");
            Assert.False(text.Default is not null && (key.Default is not null || key.Required || text.DefaultInWords is not null), $"{key.Path}: its default is said twice");
        });
    }

    [Theory]
    [MemberData(nameof(KeysWithDefault))]
    public void Writing_the_default_changes_nothing(string path)
    {
        ConfigurationKey key = ConfigurationReference.Keys.Single(k => k.Path == path);

        Assert.Equal(Read(key, null), Read(key, DefaultOf(key)));
    }

    [Fact]
    public void Keys_of_the_top_are_those_that_variables_may_name() => Assert.Equal(
        RootSection.Keys.Order(),
        ConfigurationReference.Keys.Where(k => !k.Path.Contains('.', StringComparison.Ordinal)).Select(k => k.Path).Order());

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(20, "20s")]
    [InlineData(90, "1m30s")]
    [InlineData(604800, "168h")]
    public void Durations_are_written_as_they_are_read(int seconds, string text)
    {
        Assert.Equal(text, KeyRecorder.Write(TimeSpan.FromSeconds(seconds)));
        Assert.True(GoDuration.TryParse(text, out TimeSpan read));
        Assert.Equal(seconds, read.TotalSeconds);
    }

    [Fact]
    public void Page_is_what_is_generated()
    {
        string path = Path.Combine(Root(), Page);
        string page = File.ReadAllText(path);
        string written = ReferencePage.Write(page);
        if (Environment.GetEnvironmentVariable(UpdateVariable) is { Length: > 0 })
        {
            File.WriteAllText(path, written);
            return;
        }

        Assert.True(written == page, $"{Page} does not say how the configuration is read; run these tests with {UpdateVariable}=1 and look at the difference");
        // A table that lost its marks would be nobody's.
        Assert.All(ConfigurationReference.Texts, t => Assert.Contains($"\n| `{t.Path}` |", page, StringComparison.Ordinal));
        Assert.All(ConfigurationReference.Keys.Where(k => k.Kind == KeyKind.Refused), k => Assert.Contains($"`{k.Path}`", page, StringComparison.Ordinal));
    }

    private static KeyText? TextOf(ConfigurationKey key) => ConfigurationReference.Texts.SingleOrDefault(t => t.Path == key.Path);

    private static string? DefaultOf(ConfigurationKey key) => TextOf(key) is not { } text || text.DefaultInWords is not null ? null : text.Default ?? key.Default;

    // The smallest document that is good with the key, and what is read of it. The key's section is there without it too, since that may say something.
    private static string Read(ConfigurationKey key, string? value)
    {
        var root = new JsonObject();
        string driver = key.Path.Split('.') is ["storage", "s3" or "filesystem", ..] and var parts ? parts[1] : "inmemory";
        Set(root, $"storage.{driver}", new JsonObject());
        foreach (ConfigurationKey required in ConfigurationReference.Keys.Where(k => k.Required && key.IsUnder(ParentOf(k.Path))))
        {
            Set(root, required.Path, Samples[required.Path]);
        }

        Set(root, key.Path, value);

        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(root.ToJsonString());
        Assert.Empty(result.Errors);
        StorageDriver read = result.Value!.Storage.Driver;
        return JsonSerializer.Serialize(read, read.GetType()) + JsonSerializer.Serialize(result.Value);
    }

    private static string ParentOf(string path) => path.LastIndexOf('.') is var dot and > 0 ? path[..dot] : "";

    private static void Set(JsonObject root, string path, JsonNode? value)
    {
        string[] parts = path.Split('.');
        foreach (string part in parts[..^1])
        {
            string name = part.Replace("[]", "", StringComparison.Ordinal);
            root[name] ??= name == part ? new JsonObject() : new JsonArray(new JsonObject());
            root = (name == part ? root[name] : root[name]![0])!.AsObject();
        }

        root[parts[^1]] = value;
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "LocalRegistry.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"LocalRegistry.slnx is in no folder above {AppContext.BaseDirectory}");
        }

        return folder;
    }
}
