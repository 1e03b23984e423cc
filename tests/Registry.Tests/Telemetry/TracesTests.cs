using System.Text;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Telemetry;
using LocalRegistry.Registry.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LocalRegistry.Registry.Tests.Telemetry;

public sealed class TracesTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string ParentId = "00f067aa0ba902b7";

    [Fact]
    public async Task A_request_and_its_calls_to_the_store_are_spans_of_the_clients_trace_without_its_query()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using (TestRegistry registry = await StartAsync(receiver.Url))
        {
            await registry.PushImageAsync("team/app", "v1");
            using HttpResponseMessage response = await registry.GetAsync(
                "/v2/team/app/manifests/v1?_state=topsecret", ("traceparent", $"00-{TraceId}-{ParentId}-01"));
        }

        string sent = string.Concat(receiver.Calls.Select(c => c.Body));
        Assert.All(receiver.Calls, c => Assert.Equal("/v1/traces", c.Path));
        Assert.Contains(receiver.Calls, c => c.Headers.Contains("x-token: abc", StringComparison.OrdinalIgnoreCase));
        // Two spans at least are of the client's trace: the request, whose parent is the client's span, and what it asked of the store.
        Assert.True(sent.Split(Bytes(TraceId)).Length - 1 >= 2);
        Assert.Contains(Bytes(ParentId), sent, StringComparison.Ordinal);
        Assert.Contains("GET manifest", sent, StringComparison.Ordinal);
        Assert.Contains("inmemory GetContent", sent, StringComparison.Ordinal);
        Assert.Contains("/v2/team/app/manifests/v1", sent, StringComparison.Ordinal);
        Assert.Contains("PUT manifest", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("_state", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_does_not_want_its_trace_recorded_is_heard()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using (TestRegistry registry = await StartAsync(receiver.Url))
        {
            using HttpResponseMessage unwanted = await registry.GetAsync("/v2/unwanted/tags/list", ("traceparent", $"00-{TraceId}-{ParentId}-00"));
            using HttpResponseMessage broken = await registry.GetAsync("/v2/broken/tags/list", ("traceparent", "00-what"));
        }

        string sent = string.Concat(receiver.Calls.Select(c => c.Body));
        Assert.Contains("/v2/broken/tags/list", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("/v2/unwanted/tags/list", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_is_logged_and_hinders_nobody()
    {
        using var log = new LogRecorder();
        await using (TestRegistry registry = await StartAsync(new Uri("http://127.0.0.1:1"), log))
        {
            await registry.PushImageAsync("app", "v1");
        }

        Assert.Contains("traces cannot be sent to http://127.0.0.1:1/v1/traces; they are dropped until that works", log.Texts);
    }

    private static Task<TestRegistry> StartAsync(Uri collector, LogRecorder? log = null) => TestRegistry.StartAsync(
        c => c with { Log = new LogConfiguration { Level = LogThreshold.Warn } },
        services =>
        {
            if (log is not null)
            {
                services.AddSingleton<ILoggerProvider>(new Undisposed(log));
            }
        },
        traces: OtlpSettings.Read(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.ToString(), ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-token=abc" }, out _));

    private static string Bytes(string hex) => Encoding.Latin1.GetString(Convert.FromHexString(hex));

    // What is logged at the very end is looked at after it.
    private sealed class Undisposed(LogRecorder log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
        }
    }
}
