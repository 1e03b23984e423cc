using LocalRegistry.Registry.Cache;
using Xunit;

namespace LocalRegistry.Registry.Tests.Cache;

public sealed class CacheOptionsTests
{
    [Fact]
    public void Nothing_asks_for_no_cache()
    {
        Assert.Null(CacheOptions.Read(null, null, null, null, null, out List<string> problems));
        Assert.Empty(problems);
    }

    [Fact]
    public void Defaults_are_those_of_the_settings()
    {
        NodeCacheSettings? settings = CacheOptions.Read("/var/cache", "20Gi", null, null, null, out _);
        Assert.Equal(new NodeCacheSettings("/var/cache", 20L << 30) { Free = null, ServesStale = true, VerifyInterval = TimeSpan.FromHours(24) }, settings);
    }

    [Fact]
    public void Flags_say_what_they_say()
    {
        NodeCacheSettings? settings = CacheOptions.Read("/var/cache", "1000000", "10Gi", "false", "0", out _);
        Assert.Equal(new NodeCacheSettings("/var/cache", 1_000_000) { Free = 10L << 30, ServesStale = false, VerifyInterval = TimeSpan.Zero }, settings);
    }

    [Theory]
    [InlineData("/c", null, null, null, null, "--cache-size")]
    [InlineData("/c", "many", null, null, null, "--cache-size")]
    [InlineData("/c", "0", null, null, null, "--cache-size")]
    [InlineData("/c", "1Gi", "-1", null, null, "--cache-free")]
    [InlineData("/c", "1Gi", null, "maybe", null, "--cache-stale")]
    [InlineData("/c", "1Gi", null, null, "daily", "--cache-verify")]
    [InlineData("", "1Gi", null, null, null, "--cache")]
    [InlineData(null, "1Gi", null, null, null, "--cache-size")]
    [InlineData(null, null, null, null, "24h", "--cache-verify")]
    public void What_is_wrong_is_named(string? directory, string? size, string? free, string? stale, string? verify, string flag)
    {
        Assert.Null(CacheOptions.Read(directory, size, free, stale, verify, out List<string> problems));
        Assert.Contains(flag, Assert.Single(problems), StringComparison.Ordinal);
    }
}
