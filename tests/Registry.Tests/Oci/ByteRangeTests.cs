using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Oci;

public sealed class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-0", 10, 0, 0)]
    [InlineData("bytes=0-", 10, 0, 9)]
    [InlineData("bytes=3-5", 10, 3, 5)]
    [InlineData("bytes=9-9", 10, 9, 9)]
    [InlineData("bytes=5-100", 10, 5, 9)]
    [InlineData("bytes=5-9223372036854775807", 10, 5, 9)]
    [InlineData("bytes=-1", 10, 9, 9)]
    [InlineData("bytes=-4", 10, 6, 9)]
    [InlineData("bytes=-100", 10, 0, 9)]
    public void TryResolve_one_range_inside_gives_it(string header, long size, long first, long last)
    {
        Assert.True(ByteRange.TryResolve(header, size, out ByteRange? range));
        Assert.Equal(new ByteRange(first, last), range);
        Assert.Equal(last - first + 1, range!.Value.Length);
    }

    [Theory]
    [InlineData("bytes=10-", 10)]
    [InlineData("bytes=10-20", 10)]
    [InlineData("bytes=-0", 10)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=0-0", 0)]
    [InlineData("bytes=-5", 0)]
    [InlineData("bytes=5-3", 10)]
    public void TryResolve_range_outside_is_refused(string header, long size) => Assert.False(ByteRange.TryResolve(header, size, out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=0-1,4-5")]
    [InlineData("lines=0-1")]
    [InlineData("bytes=99999999999999999999-")]
    [InlineData("bytes=0x0-0x1")]
    public void TryResolve_header_that_is_not_one_byte_range_is_passed_over(string? header)
    {
        Assert.True(ByteRange.TryResolve(header, 10, out ByteRange? range));
        Assert.Null(range);
    }

    [Theory]
    [InlineData("0-0", 0, 0)]
    [InlineData("5-9", 5, 9)]
    [InlineData("bytes 5-9", 5, 9)]
    [InlineData("bytes 5-9/10", 5, 9)]
    [InlineData("5-9/*", 5, 9)]
    public void TryParseChunk_first_and_last_gives_them(string text, long first, long last)
    {
        Assert.True(ByteRange.TryParseChunk(text, out ByteRange range));
        Assert.Equal(new ByteRange(first, last), range);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("5")]
    [InlineData("5-")]
    [InlineData("-5")]
    [InlineData("9-5")]
    [InlineData("a-b")]
    [InlineData("5 - 9")]
    [InlineData("0x1-0x2")]
    [InlineData("0-99999999999999999999")]
    [InlineData("0-1-2")]
    [InlineData("bytes=0-1")]
    public void TryParseChunk_anything_else_is_refused(string text) => Assert.False(ByteRange.TryParseChunk(text, out _));
}
