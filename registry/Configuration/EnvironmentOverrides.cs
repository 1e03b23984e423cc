using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LocalRegistry.Registry.Configuration;

/// <summary>
/// Lays <c>REGISTRY_*</c> variables over a file, by the rule of Docker's registry: the name is the path in capitals joined by <c>_</c>,
/// the value is YAML, a list is indexed by number, and variables are applied in lexical order so that a parent comes before its children.
/// </summary>
internal static class EnvironmentOverrides
{
    private const string Prefix = "REGISTRY_";

    /// <summary>Docker's name for the file itself; not a key.</summary>
    private const string FileVariable = "REGISTRY_CONFIGURATION_PATH";

    public static void Apply(YamlMappingNode root, IReadOnlyDictionary<string, string> environment, ProblemList problems)
    {
        foreach ((string name, string value) in environment
            .Where(v => v.Key.StartsWith(Prefix, StringComparison.Ordinal) && v.Key.Length > Prefix.Length && v.Key != FileVariable)
            .OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            string[] path = name[Prefix.Length..].Split('_');
            if (!RootSection.Keys.Contains(path[0].ToLowerInvariant()))
            {
                problems.Warnings.Add(new ConfigurationProblem("", null, $"{name} names no key of the registry's configuration"));
                continue;
            }

            try
            {
                YamlNode node = ParseValue(value);
                problems.CameFrom(node, name);
                Set(root, path, node, problems, name);
            }
            catch (YamlException e)
            {
                problems.Error("", null, $"{name} is not valid YAML: {e.Message}");
            }
            catch (FormatException e)
            {
                problems.Error("", null, $"{name}: {e.Message}");
            }
        }
    }

    private static YamlNode ParseValue(string value) => YamlFile.Load(value) is [var first, ..] ? first.RootNode : new YamlScalarNode("");

    private static void Set(YamlNode node, ReadOnlySpan<string> path, YamlNode value, ProblemList problems, string variable)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                YamlNode key = KeyOf(mapping, path[0], problems, variable);
                if (path.Length == 1)
                {
                    mapping.Children[key] = value;
                    return;
                }

                if (!mapping.Children.TryGetValue(key, out YamlNode? child) || child is YamlScalarNode)
                {
                    mapping.Children[key] = child = ChildOf(child as YamlScalarNode, problems, variable);
                }

                Set(child, path[1..], value, problems, variable);
                return;

            case YamlSequenceNode sequence:
                if (!WholeNumber.TryParse(path[0], int.MaxValue, out int index))
                {
                    throw new FormatException($"\"{path[0]}\" is not an index into a list");
                }

                if (index > sequence.Children.Count)
                {
                    throw new FormatException($"the list has only {sequence.Children.Count} entries");
                }

                if (index == sequence.Children.Count)
                {
                    sequence.Add(path.Length == 1 ? value : ChildOf(null, problems, variable));
                }
                else if (path.Length == 1)
                {
                    sequence.Children[index] = value;
                }

                if (path.Length > 1)
                {
                    Set(sequence.Children[index], path[1..], value, problems, variable);
                }

                return;

            default:
                throw new FormatException($"\"{path[0]}\" stands below a single value");
        }
    }

    // "storage: s3" names the driver, and its parameters may follow in further variables.
    private static YamlMappingNode ChildOf(YamlScalarNode? shorthand, ProblemList problems, string variable)
    {
        var child = new YamlMappingNode();
        if (!string.IsNullOrEmpty(shorthand?.Value))
        {
            child.Add(shorthand.Value, new YamlMappingNode());
        }

        problems.CameFrom(child, variable);
        return child;
    }

    private static YamlScalarNode KeyOf(YamlMappingNode mapping, string part, ProblemList problems, string variable)
    {
        foreach (YamlScalarNode existing in mapping.Children.Keys.OfType<YamlScalarNode>())
        {
            if (string.Equals(existing.Value, part, StringComparison.OrdinalIgnoreCase))
            {
                return existing;
            }
        }

        var key = new YamlScalarNode(part.ToLowerInvariant());
        problems.CameFrom(key, variable);
        return key;
    }
}
