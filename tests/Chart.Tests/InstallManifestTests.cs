using System.Text.Json.Nodes;

namespace LocalRegistry.Chart.Tests;

public class InstallManifestTests
{
    [Fact]
    public async Task Manifest_is_what_the_chart_gives()
    {
        ScriptResult result = await Repository.RunAsync("charts/generate.sh", "--check");

        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Fact]
    public void Manifest_installs_into_a_namespace_of_its_own()
    {
        IReadOnlyList<JsonNode> objects = Yaml.Documents(Repository.Text("charts/install.yaml"));
        JsonNode space = objects[0];

        Assert.Equal("Namespace", (string?)space["kind"]);
        Assert.Equal("privileged", (string?)space["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]);
        Assert.All(objects.Select(o => (string?)o["metadata"]!["namespace"]).OfType<string>(), n => Assert.Equal("local-registry", n));
        Assert.Equal((string?)space["metadata"]!["name"], (string?)Yaml.Document(Repository.Text("localregistry.yaml"))["metadata"]!["namespace"]);
    }

    [Fact]
    public void Manifest_does_not_claim_to_be_helms()
    {
        IReadOnlyList<JsonNode> objects = Yaml.Documents(Repository.Text("charts/install.yaml"));

        Assert.DoesNotContain(objects, o => (string?)o["metadata"]!["labels"]?["app.kubernetes.io/managed-by"] == "Helm");
    }
}
