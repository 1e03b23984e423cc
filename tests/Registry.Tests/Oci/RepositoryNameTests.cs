using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Oci;

public sealed class RepositoryNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("library/alpine")]
    [InlineData("a.b/c_d/e__f/g-h/i---j")]
    [InlineData("blobs/uploads")]
    [InlineData("tags/list/manifests")]
    [InlineData("1/2/3/4/5/6/7/8/9")]
    public void TryParse_name_of_the_grammar_gives_it(string text)
    {
        Assert.True(RepositoryName.TryParse(text, out RepositoryName name));
        Assert.Equal(text, name.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("../a")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("a._b")]
    [InlineData("a-_b")]
    [InlineData("_a")]
    [InlineData("a_")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a/_b")]
    [InlineData("a/_layers")]
    [InlineData("Abc")]
    [InlineData("library/Alpine")]
    [InlineData("a%2fb")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a:b")]
    [InlineData("a@b")]
    [InlineData("a\\b")]
    [InlineData("caf\u00e9")]
    [InlineData("\u0430")]
    public void TryParse_anything_else_is_refused(string? text) => Assert.False(RepositoryName.TryParse(text, out _));

    [Fact]
    public void TryParse_name_longer_than_255_is_refused()
    {
        Assert.True(RepositoryName.TryParse(new string('a', 255), out _));
        Assert.False(RepositoryName.TryParse(new string('a', 256), out _));
        Assert.True(RepositoryName.TryParse(string.Join('/', Enumerable.Repeat("a", 128)), out _));
        Assert.False(RepositoryName.TryParse(string.Join('/', Enumerable.Repeat("a", 129)), out _));
    }
}
