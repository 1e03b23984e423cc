using System.Text.Json;
using LocalRegistry.Registry.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LocalRegistry.Registry.Tests.Logging;

public sealed class JsonFormatterTests
{
    private static readonly KeyValuePair<string, object?>[] Values =
    [
        new("Path", "/v2/a"), new("Status", 200), new("Written", 12L), new("Milliseconds", 1.5), new("Nothing", null), new("{OriginalFormat}", "{Path}"),
    ];

    [Fact]
    public void Write_json_has_the_names_of_dockers_registry() => Assert.Equal(
        """{"time":"2026-11-23T20:15:10.042+00:00","level":"warning","msg":"m","service":"registry","path":"/v2/a","status":200,"written":12,"milliseconds":1.5,"nothing":""}""" + "\n",
        LogLines.Write(LogFormat.Json, "m", level: LogLevel.Warning, values: Values));

    [Fact]
    public void Write_logstash_has_the_names_of_logstash() => Assert.Equal(
        """{"@timestamp":"2026-11-23T20:15:10.042+00:00","level":"info","message":"m","@version":"1","error":"broken","service":"registry"}""" + "\n",
        LogLines.Write(LogFormat.Logstash, "m", new IOException("broken")));

    [Theory]
    [InlineData("a\n{\"level\":\"fatal\"}")]
    [InlineData("\",\"level\":\"fatal")]
    [InlineData("\u2028\u0085\0")]
    [InlineData("\\")]
    public void Write_of_what_a_client_sent_is_one_line_that_reads_back(string message)
    {
        foreach (LogFormat format in (LogFormat[])[LogFormat.Json, LogFormat.Logstash])
        {
            string line = LogLines.Write(format, message, values: new KeyValuePair<string, object?>("Path", message));

            Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
            using JsonDocument document = JsonDocument.Parse(line);
            Assert.Equal("info", document.RootElement.GetProperty("level").GetString());
            Assert.Equal(message, document.RootElement.GetProperty(format == LogFormat.Json ? "msg" : "message").GetString());
            Assert.Equal(message, document.RootElement.GetProperty("path").GetString());
        }
    }

    [Fact]
    public void Write_of_half_a_surrogate_pair_is_still_json()
    {
        using JsonDocument document = JsonDocument.Parse(LogLines.Write(LogFormat.Json, "a\ud800b"));

        Assert.Equal("a\ufffdb", document.RootElement.GetProperty("msg").GetString());
    }

    [Fact]
    public void Write_has_no_name_twice() => Assert.Equal(
        """{"time":"2026-11-23T20:15:10.042+00:00","level":"info","msg":"m","fields.level":"mine","status":200}""" + "\n",
        LogLines.Write(LogFormat.Json, "m", fields: new() { ["level"] = "mine", ["status"] = "mine" }, values: new KeyValuePair<string, object?>("Status", 200)));
}
