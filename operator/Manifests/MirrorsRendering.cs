using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Manifests;

/// <summary>Turns <c>spec.mirrors</c> and <c>spec.repositories</c> into the <c>mirrors.yml</c> of the nodes.</summary>
internal static class MirrorsRendering
{
    private const string Loopback = "127.0.0.1";

    /// <param name="owner">The resource, as <c>namespace/name</c>.</param>
    /// <param name="spec">What it asks for.</param>
    /// <param name="port">The registry's port on the node.</param>
    /// <param name="debugPort">The port for health.</param>
    /// <param name="runtime">The nodes' container runtime; null if it is not to be told of anything.</param>
    /// <returns>The file's text; null if the resource asks for no mirrors and for no choice of repositories.</returns>
    public static string? Render(string owner, LocalRegistrySpec spec, int port, int debugPort, NodeRuntime? runtime) =>
        spec.Mirrors is not { Count: > 0 } && spec.Repositories is null ? null : Write(Root(owner, spec, port, debugPort, runtime));

    /// <summary>Writes the file of a registry that stands in for no host: an empty list of mirrors, where no list has it take no notice of hosts.</summary>
    /// <param name="owner">The resource, as <c>namespace/name</c>.</param>
    /// <param name="spec">What it asks for; its mirrors do not count.</param>
    /// <param name="port">The registry's port on the node.</param>
    /// <param name="debugPort">The port for health.</param>
    public static string Closed(string owner, LocalRegistrySpec spec, int port, int debugPort)
    {
        JsonObject root = Root(owner, spec with { Mirrors = null }, port, debugPort, null);
        root["mirrors"] = new JsonArray();
        return Write(root);
    }

    private static JsonObject Root(string owner, LocalRegistrySpec spec, int port, int debugPort, NodeRuntime? runtime)
    {
        var root = new JsonObject { ["owner"] = owner, ["registry"] = Address(port) };
        if (spec.Node.Network == NodeNetwork.Host)
        {
            // On the pod's own network the node does not reach it.
            root["debug"] = Address(debugPort);
        }

        // An empty list would close the table, and answer 404 to nodes whose runtime somebody else has told of the registry.
        if (spec.Mirrors is { Count: > 0 } mirrors)
        {
            // In the order of the resource, so that a problem's index is the one that the user sees.
            root["mirrors"] = new JsonArray([.. mirrors.Select(Render)]);
        }

        if (spec.Repositories is { } repositories)
        {
            root["repositories"] = Texts(repositories);
        }

        if (runtime is not null)
        {
            root["runtime"] = Render(runtime);
        }

        return root;
    }

    private static string Write(JsonObject root) => ConfigYaml.Write(JsonSerializer.SerializeToElement(root));

    private static JsonObject Render(MirrorSpec mirror) => new()
    {
        ["host"] = mirror.Host,
        ["prefix"] = mirror.Prefix,
        ["fallback"] = mirror.Fallback,
        ["existing"] = mirror.Existing == ExistingMirrors.Replace ? "replace" : "merge",
    };

    private static JsonObject Render(NodeRuntime runtime)
    {
        var section = new JsonObject
        {
            ["kind"] = runtime.Kind == RuntimeKind.RegistriesConf ? "registriesconf" : "containerd",
            ["directories"] = Texts(runtime.Directories),
        };
        if (runtime.ConfigurationFile is { } file)
        {
            section["configuration"] = file;
        }

        return section;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"{Loopback}:{port}");
}
