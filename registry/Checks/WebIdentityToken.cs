using System.Buffers.Text;
using System.Text.Json;

namespace LocalRegistry.Registry.Checks;

/// <summary>
/// What the token of a Kubernetes ServiceAccount claims, to be told where the token service refuses it. The signature is not looked at, and the
/// token itself is never told.
/// </summary>
/// <param name="Issuer">The cluster that made it (<c>iss</c>).</param>
/// <param name="Subject">Whom it is for: <c>system:serviceaccount:NAMESPACE:NAME</c> (<c>sub</c>).</param>
/// <param name="Audience">Who is to accept it (<c>aud</c>), several separated by commas.</param>
/// <param name="Expires">When it ends (<c>exp</c>); null if it does not say.</param>
internal sealed record WebIdentityToken(string Issuer, string Subject, string Audience, DateTimeOffset? Expires)
{
    /// <summary>Reads the claims; null if the text is no token.</summary>
    public static WebIdentityToken? TryParse(string token)
    {
        if (token.Trim().Split('.') is not [_, var payload, _])
        {
            return null;
        }

        try
        {
            using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            JsonElement root = claims.RootElement;
            return root.ValueKind != JsonValueKind.Object ? null : new WebIdentityToken(Text(root, "iss"), Text(root, "sub"), Text(root, "aud"), Time(root, "exp"));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonElement claims, string name) => !claims.TryGetProperty(name, out JsonElement value) ? "none" : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(each => each.ToString())),
        _ => "none",
    };

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long seconds)
            && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
