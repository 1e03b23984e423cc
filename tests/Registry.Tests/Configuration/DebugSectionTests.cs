using LocalRegistry.Registry.Configuration;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration;

public sealed class DebugSectionTests
{
    [Theory]
    [InlineData("{prometheus: {enabled: true}}", "http.debug.prometheus.enabled: needs http.debug.addr, where metrics are answered")]
    [InlineData("{addr: ':1', prometheus: {enabled: true, path: metrics}}", "http.debug.prometheus.path: must be a path of letters, digits, \"-\", \".\" and \"_\" that is not below /debug/, such as /metrics, not \"metrics\"")]
    [InlineData("{addr: ':1', prometheus: {enabled: true, path: /debug/health}}", "http.debug.prometheus.path: must be a path of letters, digits, \"-\", \".\" and \"_\" that is not below /debug/, such as /metrics, not \"/debug/health\"")]
    public void Read_refuses_metrics_that_nobody_could_ask_for(string debug, string problem) => Assert.Contains(
        $"config.yml:3: {problem}",
        ConfigurationReader.Read($"version: 0.1\nstorage: inmemory\nhttp: {{debug: {debug}}}\n").Errors.Select(e => e.Describe("config.yml")));

    [Theory]
    [InlineData("{addr: ':1'}", null)]
    [InlineData("{addr: ':1', prometheus: {enabled: false, path: /m}}", null)]
    [InlineData("{addr: ':1', prometheus: {enabled: true}}", "/metrics")]
    [InlineData("{addr: ':1', prometheus: {enabled: true, path: /m}}", "/m")]
    public void Read_says_under_which_path_metrics_are(string debug, string? path) => Assert.Equal(
        path, ConfigurationReader.Read($"version: 0.1\nstorage: inmemory\nhttp: {{debug: {debug}}}\n").Value!.Http.MetricsPath);
}
