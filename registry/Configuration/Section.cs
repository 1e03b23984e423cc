using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LocalRegistry.Registry.Configuration;

/// <summary>
/// One mapping of the file while it is read. Every key is asked for by name; <see cref="End"/> refuses those that nobody asked for.
/// </summary>
internal sealed class Section
{
    private readonly ProblemList _problems;
    private readonly string _path;
    private readonly YamlMappingNode? _node;
    private readonly Dictionary<string, YamlNode> _unread = [];

    public Section(ProblemList problems, YamlMappingNode? node, string path)
    {
        _problems = problems;
        _path = path;
        _node = node;
        foreach ((YamlNode key, YamlNode value) in node?.Children ?? Enumerable.Empty<KeyValuePair<YamlNode, YamlNode>>())
        {
            if (key is YamlScalarNode { Value: { } name })
            {
                _unread[name] = value;
            }
            else
            {
                problems.ErrorAt(path, key, "has a key that is not a text");
            }
        }
    }

    /// <summary>Whether the section is there.</summary>
    public bool Exists => _node is not null;

    /// <summary>The keys that have not been read yet, in the order of the file.</summary>
    public IEnumerable<string> Unread => _unread.Keys;

    /// <summary>Whether a key is there and has no value, which is read as if it were absent.</summary>
    public bool IsEmpty(string key) => _unread.TryGetValue(key, out YamlNode? node) && IsNull(node);

    /// <summary>A text; null if the key is absent or empty.</summary>
    public string? Text(string key) => Take(key) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value!.Length == 0 ? null : scalar.Value,
        { } other => Refuse<string>(key, other, "must be a single value"),
    };

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string key, string why)
    {
        int errors = _problems.Errors.Count;
        if (Text(key) is { } text)
        {
            return text;
        }

        if (_problems.Errors.Count == errors)
        {
            _problems.Error(PathOf(key), _node is null || _problems.VariableOf(_node) is not null ? null : (int)_node.Start.Line, $"is required: {why}");
        }

        return "";
    }

    /// <summary>A boolean, as YAML 1.1 writes them.</summary>
    public bool Flag(string key, bool absent) => Choice(key, absent, ("true", true), ("false", false), ("yes", true), ("no", false), ("on", true), ("off", false));

    /// <summary>A whole number within bounds.</summary>
    public int Integer(string key, int absent, int minimum, int maximum = int.MaxValue) => (int)Size(key, absent, minimum, maximum);

    /// <summary>A whole number within bounds, which may be more than 2 GiB.</summary>
    public long Size(string key, long absent, long minimum, long maximum = long.MaxValue)
    {
        if (TakeScalar(key) is not { } scalar)
        {
            return absent;
        }

        if (long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        string range = maximum is int.MaxValue or long.MaxValue ? $"of at least {minimum}" : $"from {minimum} to {maximum}";
        return Refuse<long>(key, scalar, $"must be a whole number {range}, not \"{scalar.Value}\"");
    }

    /// <summary>A duration as Go writes them; a bare number counts nanoseconds.</summary>
    /// <param name="key">The key.</param>
    /// <param name="absent">What it is if the key is absent.</param>
    /// <param name="minimum">The shortest, in whole minutes.</param>
    /// <param name="maximum">The longest, in whole hours; a day if left out.</param>
    public TimeSpan Duration(string key, TimeSpan absent, TimeSpan minimum = default, TimeSpan? maximum = null)
    {
        TimeSpan longest = maximum ?? TimeSpan.FromDays(1);
        if (TakeScalar(key) is not { } scalar)
        {
            return absent;
        }

        return GoDuration.TryParse(scalar.Value!, out TimeSpan duration) && duration >= minimum && duration <= longest
            ? duration
            : Refuse<TimeSpan>(key, scalar, $"must be a duration such as 10s or 1m30s, {(minimum == default ? "" : $"{minimum.TotalMinutes:0}m at least and ")}{longest.TotalHours:0}h at most, not \"{scalar.Value}\"");
    }

    /// <summary>One of a closed set of words, in any case.</summary>
    public T? Choice<T>(string key, T? absent, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        if (TakeScalar(key) is not { } scalar)
        {
            return absent;
        }

        foreach ((string word, T value) in choices)
        {
            if (word.Equals(scalar.Value, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        var words = new List<string>();
        foreach ((string word, _) in choices)
        {
            words.Add(word);
        }

        return Refuse<T>(key, scalar, $"must be one of {string.Join(", ", words)}, not \"{scalar.Value}\"");
    }

    /// <summary>A section below this one; one without keys if it is absent.</summary>
    /// <param name="key">The section's key.</param>
    /// <param name="shorthand">Whether a single word stands for a mapping with that one key.</param>
    public Section Child(string key, bool shorthand = false)
    {
        YamlNode? node = Take(key);
        if (shorthand && node is YamlScalarNode word)
        {
            node = new YamlMappingNode(word, new YamlMappingNode());
        }

        if (node is not (null or YamlMappingNode))
        {
            Refuse<object>(key, node, "must be a mapping");
        }

        return new Section(_problems, node as YamlMappingNode, PathOf(key));
    }

    /// <summary>The sections of a list; none if it is absent.</summary>
    public IReadOnlyList<Section> Children(string key)
    {
        YamlNode? node = Take(key);
        if (node is not (null or YamlSequenceNode))
        {
            Refuse<object>(key, node, "must be a list of mappings");
        }

        var sections = new List<Section>();
        foreach ((int index, YamlNode item) in ((node as YamlSequenceNode)?.Children ?? []).Index())
        {
            string path = $"{PathOf(key)}[{index}]";
            if (item is YamlMappingNode mapping)
            {
                sections.Add(new Section(_problems, mapping, path));
            }
            else
            {
                _problems.ErrorAt(path, item, "must be a mapping");
            }
        }

        return sections;
    }

    /// <summary>A list of texts; null if it is absent.</summary>
    public IReadOnlyList<string>? TextList(string key) => Take(key) switch
    {
        null => null,
        YamlSequenceNode sequence when sequence.All(v => v is YamlScalarNode) => [.. sequence.Select(v => ((YamlScalarNode)v).Value ?? "")],
        { } other => Refuse<IReadOnlyList<string>>(key, other, "must be a list of texts"),
    };

    /// <summary>A mapping of names to texts.</summary>
    public Dictionary<string, string> Texts(string key)
    {
        Section child = Child(key);
        var texts = new Dictionary<string, string>();
        foreach (string name in child.Unread.ToArray())
        {
            texts[name] = child.Text(name) ?? "";
        }

        return texts;
    }

    /// <summary>A mapping of names to lists of texts.</summary>
    public Dictionary<string, IReadOnlyList<string>> TextLists(string key)
    {
        Section child = Child(key);
        var lists = new Dictionary<string, IReadOnlyList<string>>();
        foreach (string name in child.Unread.ToArray())
        {
            YamlNode? node = child.Take(name);
            lists[name] = node is YamlSequenceNode sequence && sequence.All(v => v is YamlScalarNode)
                ? [.. sequence.Select(v => ((YamlScalarNode)v).Value ?? "")]
                : child.Refuse<IReadOnlyList<string>>(name, node ?? _node!, "must be a list of texts, such as [nosniff]") ?? [];
        }

        return lists;
    }

    /// <summary>Refuses a key, if it is there, for a reason of its own.</summary>
    public void Unsupported(string key, string reason)
    {
        if (_unread.Remove(key, out YamlNode? node))
        {
            Unknown(key, node, reason);
        }
    }

    /// <summary>Reports a value that was read and is not acceptable; with an empty key, the section itself.</summary>
    public void Invalid(string key, string message)
    {
        if ((Find(key) ?? (YamlNode?)_node) is { } node)
        {
            _problems.ErrorAt(PathOf(key), node, message);
        }
        else
        {
            _problems.Error(PathOf(key), null, message);
        }
    }

    /// <summary>Refuses every key that was not read.</summary>
    public void End()
    {
        foreach ((string key, YamlNode node) in _unread)
        {
            Unknown(key, node, "is not a key of the registry's configuration");
        }
    }

    // Docker's registry only warns of a variable that it does not know: Kubernetes sets some for every Service whose name begins with
    // "registry". Below storage, whose keys are open there, it is an error, so it is one here.
    private void Unknown(string key, YamlNode node, string reason)
    {
        string path = PathOf(key);
        if (_problems.VariableOf(node) is not null && !path.StartsWith("storage.", StringComparison.Ordinal))
        {
            _problems.WarnAt(path, node, reason);
        }
        else
        {
            _problems.ErrorAt(path, Find(key) ?? node, reason);
        }
    }

    private YamlNode? Take(string key) => _unread.Remove(key, out YamlNode? node) && !IsNull(node) ? node : null;

    private static bool IsNull(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    private YamlScalarNode? TakeScalar(string key)
    {
        YamlNode? node = Take(key);
        if (node is not (null or YamlScalarNode))
        {
            Refuse<object>(key, node, "must be a single value");
        }

        return node as YamlScalarNode;
    }

    // The key's own node says the line best: a mapping's value starts on the line after it.
    private YamlScalarNode? Find(string key) => _node?.Children.Keys.OfType<YamlScalarNode>().FirstOrDefault(k => k.Value == key);

    private T? Refuse<T>(string key, YamlNode node, string message)
    {
        _problems.ErrorAt(PathOf(key), node, message);
        return default;
    }

    private string PathOf(string key) => _path.Length == 0 ? key : key.Length == 0 ? _path : $"{_path}.{key}";
}
