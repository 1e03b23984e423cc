using LocalRegistry.Registry.Configuration;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("10s", 10)]
    [InlineData("1m30s", 90)]
    [InlineData("1.5h", 5400)]
    [InlineData("250ms", 0.25)]
    [InlineData("10000000000", 10)]
    [InlineData("0", 0)]
    public void TryParse_reads_what_go_reads(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out TimeSpan duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("10 s")]
    [InlineData("10x")]
    [InlineData("1.2.3s")]
    [InlineData("9999999999h")]
    public void TryParse_refuses_the_rest(string text) => Assert.False(GoDuration.TryParse(text, out _));
}
