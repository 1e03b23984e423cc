using System.Text.Json;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration;
using Xunit;

namespace LocalRegistry.Operator.Tests.Manifests;

public sealed class ConfigRenderingTests
{
    [Fact]
    public void Render_of_the_sample_is_as_written() =>
        Golden.Match(ConfigRendering.Render(JsonElement.Parse(Samples.Config), NodeNetwork.Host, 5000, 5001, AccessMode.ReadOnly), "config");

    [Fact]
    public void Render_in_another_order_of_keys_gives_the_same_text()
    {
        string one = Render("""{"version": 0.1, "storage": {"s3": {"region": "r", "bucket": "b"}}}""");
        string other = Render("""{"storage": {"s3": {"bucket": "b", "region": "r"}}, "version": 0.1}""");

        Assert.Equal(one, other);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("0.1")]
    [InlineData("null")]
    [InlineData("a: b")]
    [InlineData("- x")]
    [InlineData("")]
    [InlineData("line\nbreak")]
    public void Render_keeps_texts_texts(string text)
    {
        string json = JsonSerializer.Serialize(new { version = 0.1, log = new { fields = new { field = text } }, storage = new { s3 = new { region = "us-east-1", bucket = "bucket" } } });

        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(Render(json));

        Assert.Equal(text, result.Value!.Log.Fields["field"]);
    }

    [Fact]
    public void Render_on_a_host_port_listens_on_the_pods_interfaces()
    {
        string yaml = ConfigRendering.Render(JsonElement.Parse(Samples.Config), NodeNetwork.HostPort, 5000, 5001, AccessMode.ReadWrite);

        RegistryConfiguration config = ConfigurationReader.Read(yaml).Value!;
        Assert.Equal(new ListenAddress(null, 5000), config.Http.Address);
        Assert.Equal(new ListenAddress(null, 5001), config.Http.DebugAddress);
        Assert.False(config.Storage.ReadOnly);
    }

    private static string Render(string json) => ConfigRendering.Render(JsonElement.Parse(json), NodeNetwork.Host, 5000, 5001, AccessMode.ReadOnly);
}
