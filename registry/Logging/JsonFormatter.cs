using System.Globalization;
using System.Text;
using System.Text.Json;
using LocalRegistry.Registry.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LocalRegistry.Registry.Logging;

/// <summary>One JSON object a line, with the names of Docker's registry or of Logstash.</summary>
internal sealed class JsonFormatter(LogFormat format, IReadOnlyDictionary<string, string> fields, TimeProvider time) : ConsoleFormatter("registry-json")
{
    private readonly bool _isLogstash = format == LogFormat.Logstash;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString(_isLogstash ? "@timestamp" : "time", time.GetUtcNow());
            json.WriteString("level", LogRecord.LevelName(logEntry.LogLevel));
            json.WriteString(_isLogstash ? "message" : "msg", logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (_isLogstash)
            {
                json.WriteString("@version", "1");
            }

            if (LogRecord.Error(logEntry.Exception) is { } error)
            {
                json.WriteString("error", error);
            }

            foreach ((string key, object? value) in LogRecord.Values(logEntry, fields))
            {
                WriteValue(json, key, value);
            }

            json.WriteEndObject();
        }

        textWriter.Write(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
        textWriter.Write('\n');
    }

    private static void WriteValue(Utf8JsonWriter json, string key, object? value)
    {
        switch (value)
        {
            case int number:
                json.WriteNumber(key, number);
                break;
            case long number:
                json.WriteNumber(key, number);
                break;
            case double number:
                json.WriteNumber(key, number);
                break;
            default:
                json.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
