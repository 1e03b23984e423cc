using System.Buffers.Text;
using System.Text;
using LocalRegistry.Registry.Checks;
using Xunit;

namespace LocalRegistry.Registry.Tests.Checks;

public sealed class WebIdentityTokenTests
{
    [Fact]
    public void TryParse_of_a_projected_token_gives_its_claims()
    {
        string token = Encode("""{"iss":"https://issuer.example/id","sub":"system:serviceaccount:ns:registry","aud":["sts.amazonaws.com","other"],"exp":1767225600}""");

        var expected = new WebIdentityToken(
            "https://issuer.example/id", "system:serviceaccount:ns:registry", "sts.amazonaws.com,other", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(expected, WebIdentityToken.TryParse($"{token}\n"));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"iss":1,"sub":null,"aud":{},"exp":"soon"}""")]
    [InlineData("""{"exp":1e300}""")]
    [InlineData("""{"exp":-1}""")]
    public void TryParse_of_a_token_that_claims_nothing_says_none(string claims) =>
        Assert.Equal(new WebIdentityToken("none", "none", "none", null), WebIdentityToken.TryParse(Encode(claims)));

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.!.c")]
    [InlineData("a.bm8.c")]
    [InlineData("a.W10.c")]
    public void TryParse_of_what_is_no_token_is_null(string text) => Assert.Null(WebIdentityToken.TryParse(text));

    private static string Encode(string claims) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln";
}
