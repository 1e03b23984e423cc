using LocalRegistry.Registry.Oci;
using Xunit;

namespace LocalRegistry.Registry.Tests.Oci;

public sealed class DigestTests
{
    private const string Sha256OfNothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Sha512OfAbc =
        "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

    [Theory]
    [InlineData(Sha256OfNothing)]
    [InlineData(Sha512OfAbc)]
    public void TryParse_registered_algorithm_gives_back_its_text(string text)
    {
        Assert.True(Digest.TryParse(text, out Digest digest));
        Assert.Equal(text, digest.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("sha256")]
    [InlineData("sha256:")]
    [InlineData("sha256:e3b0")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha384:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData(" " + Sha256OfNothing)]
    [InlineData(Sha256OfNothing + "\n")]
    [InlineData(Sha256OfNothing + "0")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../../../etc")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85%")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85\u0665")]
    [InlineData("sha256:sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void TryParse_anything_else_is_refused(string? text) => Assert.False(Digest.TryParse(text, out _));

    [Fact]
    public void Of_known_content_is_the_published_value()
    {
        Assert.Equal(Sha256OfNothing, Digest.Of(DigestAlgorithm.Sha256, []).ToString());
        Assert.Equal(Sha512OfAbc, Digest.Of(DigestAlgorithm.Sha512, "abc"u8).ToString());
    }

    [Fact]
    public void Equality_is_by_algorithm_and_hash()
    {
        Assert.True(Digest.TryParse(Sha256OfNothing, out Digest parsed));

        Assert.Equal(Digest.Of(DigestAlgorithm.Sha256, []), parsed);
        Assert.NotEqual(Digest.Of(DigestAlgorithm.Sha256, "x"u8), parsed);
        Assert.NotEqual(Digest.Of(DigestAlgorithm.Sha512, []), parsed);
    }
}
