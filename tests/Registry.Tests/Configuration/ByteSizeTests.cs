using LocalRegistry.Registry.Configuration;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("4096", 4096)]
    [InlineData("1Ki", 1024)]
    [InlineData("512Mi", 512L << 20)]
    [InlineData("20Gi", 20L << 30)]
    [InlineData("2Ti", 2L << 40)]
    [InlineData("7Ei", 7L << 60)]
    [InlineData("3k", 3000)]
    [InlineData("10G", 10_000_000_000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void TryParse_reads_quantities(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out ByteSize size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Gi")]
    [InlineData("-1Gi")]
    [InlineData("+1")]
    [InlineData("1.5Gi")]
    [InlineData("1e9")]
    [InlineData("20 Gi")]
    [InlineData("20Gi ")]
    [InlineData("20gi")]
    [InlineData("20GB")]
    [InlineData("20GiGi")]
    [InlineData("500m")]
    [InlineData("1\0")]
    [InlineData("8Ei")]
    [InlineData("9223372036854775808")]
    [InlineData("9007199254740992Ki")]
    public void TryParse_refuses_the_rest(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1023, "1023")]
    [InlineData(1536, "1536")]
    [InlineData(20L << 30, "20Gi")]
    [InlineData(1025L << 20, "1025Mi")]
    [InlineData(10_240_000_000, "10000000Ki")]
    [InlineData(long.MaxValue, "9223372036854775807")]
    public void ToString_is_read_again(long bytes, string text)
    {
        Assert.Equal(text, new ByteSize(bytes).ToString());
        Assert.True(ByteSize.TryParse(text, out ByteSize size));
        Assert.Equal(bytes, size.Bytes);
    }
}
