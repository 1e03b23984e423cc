using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Http;

/// <summary>
/// Signs the URL of an upload that other processes may go on with (HMAC-SHA256, RFC 2104): only what one of those that share <c>http.secret</c>
/// has given out is looked for in the store.
/// </summary>
/// <param name="secret">What they share.</param>
internal sealed class UploadSignature(string secret)
{
    /// <summary>The key of the query that holds the signature, as in Docker's registry.</summary>
    public const string QueryKey = "_state";

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);

    /// <summary>The signature of an upload's URL.</summary>
    public string Of(RepositoryName name, string id) => Base64Url.EncodeToString(Compute(name, id));

    /// <summary>Whether a text is the signature of this upload; takes as long whether it is or not.</summary>
    public bool IsOf(RepositoryName name, string id, string? text)
    {
        byte[] given = new byte[HMACSHA256.HashSizeInBytes];
        return text is not null
            && text.Length == Base64Url.GetEncodedLength(given.Length)
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, given, out int written)
            && written == given.Length
            && CryptographicOperations.FixedTimeEquals(given, Compute(name, id));
    }

    // A repository's name has no line feed, so no two pairs are signed alike.
    private byte[] Compute(RepositoryName name, string id) => HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{name.Value}\n{id}"));
}
