using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage.S3;

public sealed class S3PartNumbersTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 7)]
    [InlineData(true, 0)]
    public void Without_a_gap_the_first_comes_right_after_the_last(bool isSpread, int count) =>
        Assert.Equal(count + 1, S3PartNumbers.First(After(Enumerable.Range(1, count)), isSpread));

    [Fact]
    public void Writers_that_go_on_from_the_same_parts_begin_apart_from_each_other()
    {
        PartsSoFar before = After([1, 2, 3]);

        List<int> firsts = [.. Enumerable.Range(0, 200).Select(_ => S3PartNumbers.First(before, isSpread: true))];

        Assert.True(firsts.Distinct().Count() > 50, string.Join(' ', firsts));
        Assert.All(firsts, f => Assert.InRange(f, 4, 500));
    }

    [Fact]
    public void However_often_an_upload_is_gone_on_with_most_numbers_are_parts()
    {
        List<int> numbers = [1];
        while (S3PartNumbers.First(After(numbers), isSpread: true) is var first && first <= IPartWriter.MaximumParts)
        {
            Assert.True(first > numbers[^1]);
            numbers.Add(first);
        }

        Assert.InRange(numbers.Count, 6000, IPartWriter.MaximumParts);
        Assert.Equal(IPartWriter.MaximumParts, numbers[^1]);
        Assert.Equal(IPartWriter.MaximumParts + 1, S3PartNumbers.First(After(numbers), isSpread: true));
    }

    private static PartsSoFar After(IEnumerable<int> numbers) => new("upload", [.. numbers.Select(n => new WrittenPart(n, "tag", 5))]);
}
