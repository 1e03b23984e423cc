using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Time.Testing;

namespace LocalRegistry.Registry.Tests.Logging;

/// <summary>Writes entries as the formatters do, at a known time.</summary>
internal static class LogLines
{
    private static readonly Dictionary<string, string> Fields = new() { ["service"] = "registry" };

    public static string Write(
        LogFormat format,
        string message,
        Exception? exception = null,
        LogLevel level = LogLevel.Information,
        Dictionary<string, string>? fields = null,
        params KeyValuePair<string, object?>[] values)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 20, 15, 10, 42, TimeSpan.Zero));
        ConsoleFormatter formatter = format == LogFormat.Text ? new TextFormatter(fields ?? Fields, time) : new JsonFormatter(format, fields ?? Fields, time);
        using var line = new StringWriter();
        formatter.Write(new LogEntry<KeyValuePair<string, object?>[]>(level, "test", 1, values, exception, (_, _) => message), null, line);
        return line.ToString();
    }
}
