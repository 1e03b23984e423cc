using Microsoft.Extensions.Logging.Abstractions;

namespace LocalRegistry.Registry.Logging;

/// <summary>The parts of a log entry that both formatters write.</summary>
internal static class LogRecord
{
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
        IEnumerable<KeyValuePair<string, object?>> own = entry.State is IReadOnlyList<KeyValuePair<string, object?>> values
            ? values.Where(v => v.Key != "{OriginalFormat}").Select(v => KeyValuePair.Create(char.ToLowerInvariant(v.Key[0]) + v.Key[1..], v.Value))
            : [];
        return fields.Select(f => KeyValuePair.Create(f.Key, (object?)f.Value)).Concat(own);
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
