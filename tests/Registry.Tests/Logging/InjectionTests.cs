using System.Text.Json;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LocalRegistry.Registry.Tests.Logging;

public sealed class InjectionTests
{
    /// <summary>Every character that ends a line for somebody, commands a terminal or turns text around, in the middle of text.</summary>
    public static TheoryData<int> Harmful =>
        [.. Enumerable.Range(0, 0x20), .. Enumerable.Range(0x7f, 0x21), 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff];

    [Theory]
    [MemberData(nameof(Harmful))]
    public void No_character_leaves_its_line_or_its_value(int code)
    {
        string text = $"a{(char)code}level=fatal";
        foreach (LogFormat format in Enum.GetValues<LogFormat>())
        {
            string line = LogLines.Write(format, text, new IOException(text), values: new KeyValuePair<string, object?>("UserAgent", text));

            Assert.EndsWith("\n", line, StringComparison.Ordinal);
            Assert.DoesNotContain((char)code, line[..^1]);
            if (format != LogFormat.Text)
            {
                using JsonDocument document = JsonDocument.Parse(line);
                Assert.Equal(text, document.RootElement.GetProperty("userAgent").GetString());
                Assert.Equal("info", document.RootElement.GetProperty("level").GetString());
            }
        }
    }

    [Fact]
    public async Task No_query_is_logged_at_any_level()
    {
        using var log = new LogRecorder();
        await using (TestRegistry registry = await TestRegistry.StartAsync(
            c => c with { Log = new LogConfiguration { Level = LogThreshold.Debug } },
            services => services.AddSingleton<ILoggerProvider>(log)))
        {
            using HttpResponseMessage well = await registry.GetAsync("/v2/_catalog?_state=topsecret");
            using HttpResponseMessage wrong = await registry.GetAsync("/v2/app/blobs/uploads/1?X-Amz-Signature=topsecret");
            using RawConnection connection = await RawConnection.OpenAsync(registry.Url);
            await connection.SendHeadAsync("GET /v2/\0?_state=topsecret");
            await connection.ReceiveAsync();
            await Eventually.HoldsAsync(() => Task.FromResult(log.Texts.Any(t => t.StartsWith("GET /v2/app/blobs/uploads/1 404", StringComparison.Ordinal))), "the request is logged");

            Assert.Contains(log.Texts, t => t.StartsWith("GET /v2/_catalog 200", StringComparison.Ordinal));
            Assert.DoesNotContain(log.Texts, t => t.Contains("topsecret", StringComparison.Ordinal));
        }
    }
}
