using LocalRegistry.Registry.Configuration.Mirrors;
using Xunit;

namespace LocalRegistry.Registry.Tests.Configuration.Mirrors;

public sealed class RepositoryPatternTests
{
    [Theory]
    [InlineData("team/app", "team/app", true)]
    [InlineData("team/app", "team/app2", false)]
    [InlineData("team/app", "team/app/sub", false)]
    [InlineData("team/app", "team", false)]
    [InlineData("team/app", "other/team/app", false)]
    [InlineData("team/*", "team/app", true)]
    [InlineData("team/*", "team/app/sub", true)]
    [InlineData("team/*", "team", false)]
    [InlineData("team/*", "team/", false)]
    [InlineData("team/*", "team2/app", false)]
    [InlineData("team/*", "other/team/app", false)]
    [InlineData("team/*", "Team/app", false)]
    [InlineData("a/b/*", "a/b/c", true)]
    [InlineData("a/b/*", "a/c", false)]
    public void Pattern_matches_its_repository_or_all_below_its_name(string pattern, string repository, bool matches)
    {
        Assert.True(RepositoryPattern.TryParse(pattern, out RepositoryPattern parsed));
        Assert.Equal(matches, parsed.Matches(repository));
        Assert.Equal(pattern, parsed.ToString());
    }

    [Theory]
    [InlineData("team/app", "team/", true)]
    [InlineData("team/app", "team/app/", false)]
    [InlineData("team/app", "tea/", false)]
    [InlineData("team/app", "team2/", false)]
    [InlineData("team/*", "team/", true)]
    [InlineData("team/*", "team/app/", true)]
    [InlineData("team/*", "team2/", false)]
    [InlineData("team/*", "other/", false)]
    [InlineData("a/b/*", "a/", true)]
    [InlineData("a/b/*", "a/c/", false)]
    public void Pattern_says_whether_it_can_match_below_a_folder(string pattern, string folder, bool can)
    {
        Assert.True(RepositoryPattern.TryParse(pattern, out RepositoryPattern parsed));
        Assert.Equal(can, parsed.CanMatchBelow(folder));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("/*")]
    [InlineData("/team")]
    [InlineData("team/")]
    [InlineData("team//*")]
    [InlineData("team*")]
    [InlineData("team/a*")]
    [InlineData("team/*/app")]
    [InlineData("team/**")]
    [InlineData("*/app")]
    [InlineData("Team/app")]
    [InlineData("team/app:v1")]
    [InlineData("team/app\n")]
    [InlineData("team/*\n")]
    [InlineData("team/../other")]
    [InlineData("te am")]
    [InlineData("registry.example.com:5000/app")]
    public void Other_text_is_no_pattern(string? text) => Assert.False(RepositoryPattern.TryParse(text, out _));

    [Fact]
    public void Pattern_is_as_long_as_a_name_at_most()
    {
        Assert.True(RepositoryPattern.TryParse(new string('a', 255), out _));
        Assert.False(RepositoryPattern.TryParse(new string('a', 256), out _));
        Assert.False(RepositoryPattern.TryParse(string.Concat(Enumerable.Repeat("a_", 100_000)), out _));
    }

    [Fact]
    public void Matching_allocates_nothing()
    {
        Assert.True(RepositoryPattern.TryParse("team/*", out RepositoryPattern pattern));
        pattern.Matches("team/app");

        long before = GC.GetAllocatedBytesForCurrentThread();
        bool matches = pattern.Matches("team/app") && !pattern.Matches("other/app");

        Assert.True(matches);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
