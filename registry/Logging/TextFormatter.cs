using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LocalRegistry.Registry.Logging;

/// <summary>Lines as Docker's registry writes them by default: <c>time="..." level=info msg="..." key=value</c>.</summary>
internal sealed class TextFormatter(IReadOnlyDictionary<string, string> fields, TimeProvider time) : ConsoleFormatter("registry-text")
{
    // What most lines are made of needs no second look.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write("time=\"");
        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        textWriter.Write("\" level=");
        textWriter.Write(LogRecord.LevelName(logEntry.LogLevel));
        WritePair(textWriter, "msg", logEntry.Formatter(logEntry.State, logEntry.Exception), alwaysQuoted: true);
        if (LogRecord.Error(logEntry.Exception) is { } error)
        {
            WritePair(textWriter, "error", error);
        }

        // The message has the entry's own values in it already.
        foreach ((string key, string value) in fields)
        {
            WritePair(textWriter, LogRecord.FieldName(key), value);
        }

        textWriter.Write('\n');
    }

    private static void WritePair(TextWriter writer, string key, string value, bool alwaysQuoted = false)
    {
        writer.Write(' ');
        writer.Write(key);
        writer.Write('=');
        if (!alwaysQuoted && value.Length > 0 && !value.AsSpan().ContainsAny(" \"=\\") && !value.Any(LogRecord.IsHarmful))
        {
            writer.Write(value);
            return;
        }

        // What a client sent may stand in a value, and must not be able to begin a line of its own.
        writer.Write('"');
        ReadOnlySpan<char> rest = value;
        while (rest.IndexOfAnyExcept(Plain) is >= 0 and var next)
        {
            writer.Write(rest[..next]);
            char c = rest[next];
            writer.Write(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                _ when LogRecord.IsHarmful(c) => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
            rest = rest[(next + 1)..];
        }

        writer.Write(rest);
        writer.Write('"');
    }
}
