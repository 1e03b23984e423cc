using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration.Mirrors;

public sealed class ImageHostTests
{
    private static readonly string LongLabel = new('a', 63);

    [Theory]
    [InlineData("registry.example.com", "registry.example.com")]
    [InlineData("registry.example.com:5000", "registry.example.com:5000")]
    [InlineData("Registry.Example.COM", "registry.example.com")]
    [InlineData("localhost", "localhost")]
    [InlineData("LOCALHOST", "localhost")]
    [InlineData("localhost:5000", "localhost:5000")]
    [InlineData("registry:1", "registry:1")]
    [InlineData("registry:65535", "registry:65535")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1:5000", "10.0.0.1:5000")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("111122223333.dkr.ecr.us-east-1.amazonaws.com", "111122223333.dkr.ecr.us-east-1.amazonaws.com")]
    [InlineData("docker.io", "docker.io")]
    [InlineData("index.docker.io", "docker.io")]
    [InlineData("registry-1.docker.io", "docker.io")]
    [InlineData("Index.Docker.IO", "docker.io")]
    [InlineData("docker.io:443", "docker.io:443")]
    [InlineData("*", "*")]
    public void Host_of_an_image_is_read_in_lower_case(string text, string host)
    {
        Assert.True(ImageHost.TryParse(text, out ImageHost parsed));
        Assert.Equal((host, host, host == "*"), (parsed.Value, parsed.ToString(), parsed.IsWildcard));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("team")]
    [InlineData("localhosts")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("registry..com")]
    [InlineData(".example.com")]
    [InlineData("example.com.")]
    [InlineData("-a.example.com")]
    [InlineData("a-.example.com")]
    [InlineData("a_b.example.com")]
    [InlineData("*.example.com")]
    [InlineData("**")]
    [InlineData("*:5000")]
    [InlineData("registry.example.com:")]
    [InlineData("registry.example.com:0")]
    [InlineData("registry.example.com:05000")]
    [InlineData("registry.example.com:65536")]
    [InlineData("registry.example.com:-1")]
    [InlineData("registry.example.com:+1")]
    [InlineData("registry.example.com: 1")]
    [InlineData("registry.example.com:1:2")]
    [InlineData(":5000")]
    [InlineData("[::1]:5000")]
    [InlineData("::1")]
    [InlineData("http://registry.example.com")]
    [InlineData("registry.example.com/team")]
    [InlineData("registry.example.com/")]
    [InlineData("registry.example.com\n")]
    [InlineData("registry.example.com\0")]
    [InlineData("registry%2eexample.com")]
    [InlineData("user@registry.example.com")]
    [InlineData("../registry.example.com")]
    [InlineData("b\u00fccher.example.com")]
    [InlineData("regi\u017ftry.example.com")]
    public void Other_text_is_no_host(string? text) => Assert.False(ImageHost.TryParse(text, out _));

    [Fact]
    public void Longest_host_is_taken_and_one_more_is_not()
    {
        string longest = $"{LongLabel}.{LongLabel}.{LongLabel}.{new string('b', 61)}";

        Assert.True(ImageHost.TryParse($"{longest}:65535", out _));
        Assert.False(ImageHost.TryParse($"{longest}b", out _));
        Assert.False(ImageHost.TryParse($"{LongLabel}a.example.com", out _));
        Assert.False(ImageHost.TryParse($"registry.example.com:{new string('0', 5000)}1", out _));
    }
}
