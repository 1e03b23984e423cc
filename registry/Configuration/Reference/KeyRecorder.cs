using System.Globalization;
using System.Text.RegularExpressions;

namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>Remembers which keys the reader asks a configuration for. There is none while a registry runs.</summary>
internal sealed partial class KeyRecorder
{
    private readonly Dictionary<string, ConfigurationKey> _keys = [];

    /// <summary>The keys, each once.</summary>
    public IReadOnlyCollection<ConfigurationKey> Keys => _keys.Values;

    /// <summary>Takes down that a key is asked for. Where one question asks another of the same key, the first says most.</summary>
    public void Add(ConfigurationKey key)
    {
        string path = Index().Replace(key.Path, "[]");
        _keys.TryAdd(path, key with { Path = path });
    }

    /// <summary>Takes down that a key is asked for one of some words.</summary>
    public void AddChoice<T>(string path, T? absent, ReadOnlySpan<(string Word, T Value)> choices)
    {
        string? wordOfAbsent = null;
        var words = new List<string>();
        foreach ((string word, T value) in choices)
        {
            words.Add(word);
            wordOfAbsent ??= EqualityComparer<T>.Default.Equals(value, absent) ? word : null;
        }

        Add(new ConfigurationKey(path, KeyKind.Choice) { Default = wordOfAbsent, Words = words });
    }

    /// <summary>A duration as the configuration has it: <c>168h</c>, <c>1m30s</c>.</summary>
    public static string Write(TimeSpan duration)
    {
        (long Count, string Unit)[] parts = [((long)duration.TotalHours, "h"), (duration.Minutes, "m"), (duration.Seconds, "s"), (duration.Milliseconds, "ms")];
        string text = string.Concat(parts.Where(p => p.Count != 0).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Count}{p.Unit}")));
        return text.Length == 0 ? "0s" : text;
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();
}
