using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Oci;

public sealed class ReferenceTests
{
    private const string Sha256 = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("latest")]
    [InlineData("v1.2.3-rc.1_x")]
    [InlineData("_")]
    [InlineData("0")]
    [InlineData("A.B-C_D")]
    [InlineData("sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.sig")]
    public void TryParse_tag_gives_a_tag(string text)
    {
        Assert.True(Reference.TryParse(text, out Reference reference));
        Assert.Equal((text, null, text), (reference.Tag, reference.Digest, reference.ToString()));
    }

    [Fact]
    public void TryParse_digest_gives_a_digest()
    {
        Assert.True(Reference.TryParse(Sha256, out Reference reference));
        Assert.Null(reference.Tag);
        Assert.Equal(Sha256, reference.Digest.ToString());
        Assert.Equal(Sha256, reference.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("-x")]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    [InlineData("a b")]
    [InlineData("a+b")]
    [InlineData("a\n")]
    [InlineData("a\0")]
    [InlineData("caf\u00e9")]
    [InlineData("a:b")]
    [InlineData("sha256:e3b0")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    public void TryParse_anything_else_is_refused(string? text) => Assert.False(Reference.TryParse(text, out _));

    [Fact]
    public void TryParse_tag_longer_than_128_is_refused()
    {
        Assert.True(Reference.TryParse(new string('t', 128), out _));
        Assert.False(Reference.TryParse(new string('t', 129), out _));
    }
}
