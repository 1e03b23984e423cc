using System.Text.Json.Nodes;

namespace LocalRegistry.Chart.Tests;

/// <summary>The chart, rendered by Helm's engine.</summary>
internal sealed class Rendering
{
    public const string Name = "local-registry-operator";
    public const string Namespace = "operators";

    private readonly IReadOnlyList<JsonNode> _objects;

    private Rendering(IReadOnlyList<JsonNode> objects) => _objects = objects;

    public IEnumerable<string> Kinds => _objects.Select(o => (string)o["kind"]!);

    public JsonNode Deployment => this["Deployment"];

    public JsonNode Pod => Deployment["spec"]!["template"]!["spec"]!;

    public JsonNode Container => Assert.Single(Pod["containers"]!.AsArray())!;

    public IReadOnlyList<string> Arguments => [.. Container["args"]!.AsArray().Select(a => (string)a!)];

    /// <summary>The only object of a kind.</summary>
    public JsonNode this[string kind] => Assert.Single(All(kind));

    public IEnumerable<JsonNode> All(string kind) => _objects.Where(o => (string)o["kind"]! == kind);

    public string? Variable(string name) =>
        (string?)Container["env"]!.AsArray().SingleOrDefault(v => (string)v!["name"]! == name)?["value"];

    /// <summary>Renders with some values set, each as <c>KEY=VALUE</c>.</summary>
    public static async Task<Rendering> OfAsync(params string[] settings)
    {
        ScriptResult result = await RunAsync(settings);
        Assert.True(result.ExitCode == 0, result.Error);
        return new Rendering(Yaml.Documents(result.Output));
    }

    public static Task<ScriptResult> RunAsync(params string[] settings) => Repository.RunAsync(
        "tests/helm-render/render.sh",
        ["local-registry", Repository.PathOf("charts/local-registry"), "--namespace", Namespace, .. settings.SelectMany(Option)]);

    // What begins with a dash is an option with its value, not a setting.
    private static string[] Option(string setting) => setting.StartsWith('-') ? setting.Split(' ', 2) : ["--set", setting];
}
