using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalRegistry.Registry.Logging;

/// <summary>The parts of a log entry that both formatters write.</summary>
internal static class LogRecord
{
    // What a line says by itself, in any of the forms.
    private static readonly HashSet<string> OwnNames =
        new(StringComparer.Ordinal) { "time", "level", "msg", "error", "@timestamp", "@version", "message" };

    /// <summary>The name of a field that every line carries. One that the line has itself is told apart as by Docker's registry.</summary>
    public static string FieldName(string name) => OwnNames.Contains(name) ? $"fields.{name}" : name;

    /// <summary>
    /// Whether a character would be more than text to those who read a line: it ends the line for some of them, commands a terminal, or turns what
    /// follows around.
    /// </summary>
    public static bool IsHarmful(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    public static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    /// <summary>The entry's named values, in camel case, after the fields that every line carries.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Values<TState>(in LogEntry<TState> entry, IReadOnlyDictionary<string, string> fields)
    {
        KeyValuePair<string, object?>[] own = entry.State is IReadOnlyList<KeyValuePair<string, object?>> values
            ? [.. values.Where(v => v.Key != "{OriginalFormat}").Select(v => KeyValuePair.Create(char.ToLowerInvariant(v.Key[0]) + v.Key[1..], v.Value))]
            : [];
        // A name stands once in a JSON object; what the entry says counts, as in Docker's registry.
        return fields.Where(f => !own.Any(v => v.Key == f.Key)).Select(f => KeyValuePair.Create(FieldName(f.Key), (object?)f.Value)).Concat(own);
    }

    /// <summary>An exception as one line: its messages from the outermost to the innermost.</summary>
    public static string? Error(Exception? exception)
    {
        if (exception is null)
        {
            return null;
        }

        var messages = new List<string>();
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e.Message.Length > 0)
            {
                messages.Add(e.Message);
            }
        }

        return string.Join(": ", messages.Distinct());
    }
}
