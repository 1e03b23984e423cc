using LocalRegistry.Registry.Storage;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class ListPositionTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("team/app", "team/app")]
    [InlineData("team app", "team")]
    [InlineData("team\0", "team")]
    [InlineData("\nteam", "")]
    [InlineData("caf\u00e9", "caf~")]
    [InlineData("a\u007fb", "a~")]
    [InlineData("\ud83d\ude00", "~")]
    public void Text_becomes_printable_and_keeps_its_place(string? text, string expected) => Assert.Equal(expected, ListPosition.Parse(text).Value);

    [Fact]
    public void Text_longer_than_any_name_is_cut_to_the_longest() => Assert.Equal(new string('a', 255), ListPosition.Parse(new string('a', 100_000)).Value);

    [Theory]
    [InlineData("team", "team")]
    [InlineData("team/app", "team0")]
    [InlineData("team/app/x", "team0")]
    [InlineData("/", "0")]
    [InlineData("", "")]
    public void Folder_is_listed_from_behind_what_the_position_lies_below(string text, string expected) =>
        Assert.Equal(expected, ListPosition.Parse(text).InFolder);
}
