using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration.Mirrors;

public sealed class CanaryTests
{
    [Theory]
    [InlineData("registry.example.com:5000", "registry.example.com:5000/localregistry.dev/canary:v1")]
    [InlineData("docker.io", "docker.io/localregistry.dev/canary:v1")]
    [InlineData("*", "canary.localregistry.invalid/localregistry.dev/canary:v1")]
    public void ImageFor_names_the_canary_below_the_host(string host, string image) => Assert.Equal(image, Canary.ImageFor(new ImageHost(host)));
}
