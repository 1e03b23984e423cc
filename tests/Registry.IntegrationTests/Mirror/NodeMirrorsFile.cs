using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Tests.Mirror.Node;

namespace LocalRegistry.Registry.IntegrationTests.Mirror;

/// <summary><c>mirrors.yml</c> for a node in a temporary folder.</summary>
internal static class NodeMirrorsFile
{
    public static string Put(NodeFolders node, string name, int port, params IEnumerable<MirrorRule> rules) => node.Put(
        name,
        $$"""
        owner: {{NodeFolders.Owner}}
        registry: 127.0.0.1:{{port}}
        debug: 127.0.0.1:{{port}}
        runtime: {kind: containerd, directories: ["{{node.Root}}", "{{node.Second}}"]}
        mirrors:
        {{string.Join('\n', rules.Select(r => $"- {{host: \"{r.Host}\", existing: {(r.Existing == ExistingMirrors.Merge ? "merge" : "replace")}}}"))}}

        """);
}
