using LocalRegistry.Registry.Configuration.Reference;
using YamlDotNet.RepresentationModel;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Collects problems while a configuration is read, and knows which values came from the environment.</summary>
internal sealed class ProblemList
{
    private readonly Dictionary<YamlNode, string> _variables = new(ReferenceEqualityComparer.Instance);

    public List<ConfigurationProblem> Errors { get; } = [];

    public List<ConfigurationProblem> Warnings { get; } = [];

    /// <summary>Who takes down what is asked for; null where a configuration is only read.</summary>
    public KeyRecorder? Recorder { get; init; }

    /// <summary>Remembers that a node and all below it came from an environment variable.</summary>
    public void CameFrom(YamlNode node, string variable)
    {
        // Through aliases a node can lie in many places, and in itself.
        if (!_variables.TryAdd(node, variable))
        {
            return;
        }

        IEnumerable<YamlNode> below = node switch
        {
            YamlMappingNode mapping => mapping.Children.SelectMany(IEnumerable<YamlNode> (c) => [c.Key, c.Value]),
            YamlSequenceNode sequence => sequence.Children,
            _ => [],
        };
        foreach (YamlNode each in below)
        {
            CameFrom(each, variable);
        }
    }

    /// <summary>The variable that a node came from; null if it stands in the file.</summary>
    public string? VariableOf(YamlNode node) => _variables.GetValueOrDefault(node);

    public void Error(string path, int? line, string message) => Errors.Add(new ConfigurationProblem(path, line, message));

    public void ErrorAt(string path, YamlNode node, string message) => Errors.Add(At(path, node, message));

    public void WarnAt(string path, YamlNode node, string message) => Warnings.Add(At(path, node, message));

    public List<ConfigurationProblem> ErrorsByLine() => [.. Errors.OrderBy(e => e.Line ?? int.MaxValue)];

    private ConfigurationProblem At(string path, YamlNode node, string message) => VariableOf(node) is { } variable
        ? new ConfigurationProblem(path, null, $"{message} (set by {variable})")
        : new ConfigurationProblem(path, node.Start.Line > 0 ? (int)node.Start.Line : null, message);
}
