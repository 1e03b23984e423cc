using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration.Mirrors;

public sealed class CanaryTests
{
    [Theory]
    [InlineData("registry.example.com:5000", "registry.example.com:5000/localregistry.dev/canary:v1")]
    [InlineData("docker.io", "docker.io/localregistry.dev/canary:v1")]
    [InlineData("*", "canary.localregistry.invalid/localregistry.dev/canary:v1")]
    public void ImageFor_names_the_canary_below_the_host_and_its_digest(string host, string image) =>
        Assert.Equal($"{image}@{Canary.Digest}", Canary.ImageFor(new ImageHost(host)));

    // By this digest the canary of one registry is told from another program of its name; the operator asks every registry for it.
    [Fact]
    public void Digest_is_that_of_the_index_that_registries_make() => Assert.Equal(Canary.Digest, TestContent.Sha256(CanaryIndex.Make().Content));
}
