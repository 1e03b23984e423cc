using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LocalRegistry.Testbed;

/// <summary>Signs tokens of ServiceAccounts as a cluster's API server does, with a key of its own.</summary>
public sealed class TokenSigner : IDisposable
{
    private const string KeyId = "k";

    // Clocks differ, and a token must not be from the future.
    private const int Age = 120;

    private readonly RSA _key = RSA.Create(2048);

    /// <summary>The public key, as the JSON Web Key Set that an API server answers at <c>/openid/v1/jwks</c>.</summary>
    public string Keys
    {
        get
        {
            RSAParameters key = _key.ExportParameters(includePrivateParameters: false);
            return JsonSerializer.Serialize(new
            {
                keys = new[] { new { use = "sig", kty = "RSA", kid = KeyId, alg = "RS256", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) } },
            });
        }
    }

    /// <summary>Makes a token.</summary>
    /// <param name="issuer">The cluster (<c>iss</c>).</param>
    /// <param name="subject">Whom it is for: <c>system:serviceaccount:NAMESPACE:NAME</c> (<c>sub</c>).</param>
    /// <param name="audience">Who is to accept it (<c>aud</c>).</param>
    /// <param name="expires">When it ends; null for an hour from now.</param>
    public string Sign(string issuer, string subject, string audience = WebIdentityProvider.Audience, DateTimeOffset? expires = null)
    {
        long end = (expires ?? TimeProvider.System.GetUtcNow().AddHours(1)).ToUnixTimeSeconds();
        long made = Math.Min(end, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()) - Age;
        string text = $"{Encode(new { alg = "RS256", kid = KeyId })}.{Encode(new { iss = issuer, sub = subject, aud = new[] { audience }, iat = made, nbf = made, exp = end })}";
        return $"{text}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static string Encode(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
