using CsCheck;
using YamlDotNet.RepresentationModel;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Valid YAML documents with a few of their nodes replaced, renamed, repeated, moved or taken away.</summary>
internal static class YamlMutation
{
    private static readonly string[] Words =
    [
        "", "~", "null", "true", "False", "yes", "0", "-1", "1", "65536", "1e400", "0x10", "99999999999999999999", "10s", "1h30m", "-5s", ".5h", "1ns", "99999999h", ":5000", "127.0.0.1:0",
        "[::1]:1", "localhost:x", "/", "//", "/x/", "unix", "https://a.example/b", "ftp://x", "s3", "inmemory", "filesystem", "$2y$05$", "\u00e9\0", "text", "json", "*", "a/*", "team/app",
        "../..", "sha256:0", "registry.example.com", new('w', 2000),
    ];

    private static readonly string[] MoreYaml = ["[]", "{}", "[a, b]", "{a: b}", "[[[[1]]]]", "{storage: {s3: {}}}", "!!binary AA==", "!odd x", "'quoted'", "|\n  block\n"];

    /// <summary>Mutated documents.</summary>
    /// <param name="documents">Valid ones.</param>
    public static Gen<string> Of(params string[] documents) => Gen.Select(
        Gen.OneOf(documents),
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 10_000], Gen.Int[0, 10_000], Gen.OneOf(Words), Gen.OneOf(MoreYaml)).Array[0, 4],
        (document, changes) =>
        {
            var stream = Load(document);
            foreach ((int kind, int one, int other, string word, string more) in changes)
            {
                Change(stream.Documents[0].RootNode, kind, one, other, word, more);
            }

            using var text = new StringWriter();
            stream.Save(text, assignAnchors: false);
            return text.ToString();
        });

    private static YamlStream Load(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream;
    }

    private static void Change(YamlNode root, int kind, int one, int other, string word, string more)
    {
        YamlNode[] all = [.. Values(root)];
        YamlMappingNode[] mappings = [.. all.OfType<YamlMappingNode>().Where(m => m.Children.Keys.OfType<YamlScalarNode>().Any())];
        if (mappings.Length == 0)
        {
            return;
        }

        YamlMappingNode mapping = mappings[one % mappings.Length];
        YamlScalarNode[] keys = [.. mapping.Children.Keys.OfType<YamlScalarNode>()];
        YamlScalarNode key = keys[other % keys.Length];
        YamlNode value = mapping.Children[key];
        switch (kind)
        {
            case 0:
                mapping.Children[key] = new YamlScalarNode(word);
                break;
            case 1:
                mapping.Children[key] = Load(more).Documents[0].RootNode;
                break;
            case 2:
                mapping.Children.Remove(key);
                break;
            case 3:
                mapping.Children.Remove(key);
                mapping.Children[new YamlScalarNode(word)] = value;
                break;
            case 4:
                mapping.Children[Load(more).Documents[0].RootNode] = new YamlScalarNode(word);
                break;
            case 5:
                mapping.Children[key] = new YamlSequenceNode(value, new YamlScalarNode(word));
                break;
            case 6 when value is YamlSequenceNode list:
                list.Add(list.Children.Count > 0 && one % 2 == 0 ? list.Children[0] : new YamlScalarNode(word));
                break;
            default:
                mapping.Children[key] = new YamlScalarNode((all[one % all.Length] as YamlScalarNode)?.Value ?? word);
                break;
        }
    }

    // Not what is part of a key: a key that changes is lost.
    private static IEnumerable<YamlNode> Values(YamlNode node) => (node switch
    {
        YamlMappingNode mapping => mapping.Children.Values.SelectMany(Values),
        YamlSequenceNode sequence => sequence.Children.SelectMany(Values),
        _ => [],
    }).Prepend(node);
}
