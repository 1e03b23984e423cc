using System.Text;
using System.Text.Json;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror;

public sealed class MirrorRecordTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 21, 48, 0, 900, TimeSpan.Zero));
    private readonly MirrorTable _table = new(TestMirrors.Of(("registry.example.com", ""), ("docker.io", "hub"), ("*", "all")));

    [Fact]
    public void Record_without_requests_has_every_host_and_no_time() => Assert.Equal(
        """{"hosts":{"registry.example.com":{"requests":0},"docker.io":{"requests":0},"*":{"requests":0}}}""", Write(new MirrorRecord(_table, _time)));

    [Fact]
    public void Record_counts_and_keeps_the_last_time_and_what_has_no_entry_counts_for_the_wildcard()
    {
        var record = new MirrorRecord(_table, _time);

        record.Add(Host("registry.example.com"));
        _time.Advance(TimeSpan.FromMinutes(1));
        record.Add(Host("registry.example.com"));
        foreach (int each in Enumerable.Range(0, 1000))
        {
            record.Add(Host($"h{each}.example.com"));
        }

        Assert.Equal(
            """{"hosts":{"registry.example.com":{"requests":2,"last":"2026-11-24T21:49:00Z"},"docker.io":{"requests":0},"*":{"requests":1000,"last":"2026-11-24T21:49:00Z"}},"last":"2026-11-24T21:49:00Z"}""",
            Write(record));
    }

    [Fact]
    public void Record_loses_no_request_of_many_at_once()
    {
        var record = new MirrorRecord(_table, _time);

        Parallel.For(0, 10_000, _ => record.Add(Host("docker.io")));

        Assert.Contains("\"docker.io\":{\"requests\":10000,", Write(record), StringComparison.Ordinal);
    }

    private static string Write(MirrorRecord record)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            record.WriteTo(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(body.ToArray());
    }

    private MirroredHost Host(string host) => _table.Find(new ImageHost(host))!;
}
