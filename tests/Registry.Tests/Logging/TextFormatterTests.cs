using LocalRegistry.Registry.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LocalRegistry.Registry.Tests.Logging;

public sealed class TextFormatterTests
{
    [Fact]
    public void Write_is_a_line_as_dockers_registry_writes_it() => Assert.Equal(
        "time=\"2026-11-23T20:15:10.042Z\" level=info msg=\"GET /v2/ 200\" service=registry\n",
        LogLines.Write(LogFormat.Text, "GET /v2/ 200"));

    [Theory]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warning")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "fatal")]
    public void Write_names_levels_as_dockers_registry_does(LogLevel level, string name) =>
        Assert.Contains($" level={name} ", LogLines.Write(LogFormat.Text, "x", level: level), StringComparison.Ordinal);

    [Theory]
    [InlineData("a\nlevel=fatal msg=\"forged\"", "msg=\"a\\nlevel=fatal msg=\\\"forged\\\"\"")]
    [InlineData("a\r\nb", "msg=\"a\\u000d\\nb\"")]
    [InlineData("a\\", "msg=\"a\\\\\"")]
    [InlineData("\u001b[2J", "msg=\"\\u001b[2J\"")]
    [InlineData("a\0b", "msg=\"a\\u0000b\"")]
    [InlineData("a\u0085b", "msg=\"a\\u0085b\"")]
    public void Write_of_what_a_client_sent_stays_within_its_quotes_and_its_line(string message, string written)
    {
        string line = LogLines.Write(LogFormat.Text, message);

        Assert.Contains(written, line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void Write_tells_an_exceptions_messages_from_the_outermost_in() => Assert.Contains(
        " error=\"outer: inner \\\"x\\\"\\nline\" service=registry",
        LogLines.Write(LogFormat.Text, "m", new InvalidOperationException("outer", new IOException("inner \"x\"\nline"))),
        StringComparison.Ordinal);
}
