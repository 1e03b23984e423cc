using LocalRegistry.Registry.Oci;
using Microsoft.Net.Http.Headers;

namespace LocalRegistry.Registry.Http;

/// <summary>Conditional requests (RFC 9110, section 13) on content whose entity tag is its digest.</summary>
internal static class Conditional
{
    /// <summary>Whether the client has the content already.</summary>
    public static bool IsUnchanged(HttpRequest request, Digest digest) =>
        request.Headers.IfNoneMatch.Count > 0
        && EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out IList<EntityTagHeaderValue>? tags)
        && tags.Any(t => t.Equals(EntityTagHeaderValue.Any) || Names(t, digest));

    /// <summary>The <c>Range</c> header, unless <c>If-Range</c> names other content.</summary>
    public static string? RangeThatApplies(HttpRequest request, Digest digest)
    {
        string? range = request.Headers.Range;
        string? condition = request.Headers.IfRange;
        return condition is null || (EntityTagHeaderValue.TryParse(condition, out EntityTagHeaderValue? tag) && !tag.IsWeak && Names(tag, digest)) ? range : null;
    }

    private static bool Names(EntityTagHeaderValue tag, Digest digest) => tag.Tag.AsSpan().Trim('"').SequenceEqual(digest.ToString());
}
