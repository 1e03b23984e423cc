using System.Security.Cryptography;
using System.Text;

namespace LocalRegistry.Operator.Manifests;

/// <summary>Short names for content.</summary>
internal static class ContentHash
{
    /// <summary>The first ten hexadecimal digits of the text's SHA-256: enough to tell one resource's revisions apart.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 5));
}
