using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using CsCheck;
using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Ranges of bytes as RFC 9110 has them, and those of uploaded chunks as the OCI distribution-spec has them.</summary>
public sealed partial class RangePropertyTests
{
    private static readonly Gen<long> Sizes = Gen.OneOf(Gen.Long[0, 20], Gen.Long[0, long.MaxValue], Gen.OneOf(0L, 1L, long.MaxValue));
    private static readonly Gen<string> Numbers = Gen.OneOf(Gen.Long[0, 30].Select(n => n.ToString(CultureInfo.InvariantCulture)), Gen.OneOf("9223372036854775806", "9223372036854775807", "9223372036854775808", "007"));
    private static readonly Gen<string> Ranges = Gen.Select(Gen.OneOf("bytes=", "Bytes=", "bytes =", "items=", ""), Gen.OneOf(Numbers, Gen.Const("")), Gen.OneOf(Numbers, Gen.Const("")), Gen.OneOf("", "", "", ",1-2", ", -5"), (unit, first, last, more) => $"{unit}{first}-{last}{more}");
    private static readonly Gen<string> Chunks = Gen.Select(Gen.OneOf("", "", "bytes ", "BYTES "), Numbers, Numbers, Gen.OneOf("", "", "/*", "/31", "/"), (unit, first, last, size) => $"{unit}{first}-{last}{size}");

    [Fact]
    public void Range_lies_inside_the_content_and_is_the_one_that_was_asked_for() => Property.Holds(Gen.Select(Texts.Mutated(Ranges), Sizes), input =>
    {
        (string text, long size) = input;
        bool isGood = ByteRange.TryResolve(text, size, out ByteRange? range);

        if (range is { } part)
        {
            Assert.True(isGood);
            Assert.InRange(part.First, 0, size - 1);
            Assert.InRange(part.Last, part.First, size - 1);
            Assert.Equal(part.Last - part.First + 1, part.Length);
        }

        if (RangeGrammar().Match(text) is { Success: true } match && Number(match, "first") is { } first && Number(match, "last") is { } last && (first >= 0 || last >= 0) && (first < 0 || last < 0 || first <= last))
        {
            (BigInteger from, BigInteger to) = first < 0 ? (BigInteger.Max(0, size - last), size - 1) : (first, last < 0 ? size - 1 : BigInteger.Min(last, size - 1));
            Assert.Equal(from <= to, isGood);
            Assert.True(!isGood || (from, to) == (range!.Value.First, range.Value.Last));
        }
    });

    [Fact]
    public void Chunk_is_two_numbers_in_order_and_has_a_length() => Property.Holds(Texts.Mutated(Chunks), text =>
    {
        bool isChunk = ByteRange.TryParseChunk(text, out ByteRange range);

        bool expected = ChunkGrammar().Match(text) is { Success: true } match
            && long.TryParse(match.Groups["first"].Value, CultureInfo.InvariantCulture, out long first)
            && long.TryParse(match.Groups["last"].Value, CultureInfo.InvariantCulture, out long last)
            && first <= last && last - first < long.MaxValue;
        Assert.Equal(expected, isChunk);
        Assert.True(!isChunk || range.Length > 0, "a chunk has a length");
    });

    // Absent is -1; null is a number that has no room in 19 digits, for which a header may be passed over as a whole.
    private static BigInteger? Number(Match match, string group) =>
        !match.Groups[group].Success ? -1 : match.Groups[group].Length <= 19 && long.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    [GeneratedRegex(@"^bytes=(?<first>[0-9]+)?-(?<last>[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex RangeGrammar();

    [GeneratedRegex(@"^([bB][yY][tT][eE][sS] )?(?<first>[0-9]+)-(?<last>[0-9]+)(/.*)?\z", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex ChunkGrammar();
}
