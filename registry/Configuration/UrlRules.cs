using System.Text.RegularExpressions;

namespace LocalRegistry.Registry.Configuration;

/// <summary>
/// Which URLs a pushed manifest may name for content that lies elsewhere (<c>validation.manifests.urls</c>). As in Docker's registry, an expression
/// may match any part of a URL, and without a single expression no URL is taken.
/// </summary>
/// <param name="Allow">Expressions of which one must match; empty for any URL that is not denied.</param>
/// <param name="Deny">Expressions of which none may match.</param>
public sealed record UrlRules(IReadOnlyList<Regex> Allow, IReadOnlyList<Regex> Deny)
{
    /// <summary>Whether a URL may be named: an http or https URL without a fragment that the expressions let pass.</summary>
    public bool Permit(string url) => Allow.Count + Deny.Count > 0
        && Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed.Scheme is "http" or "https" && parsed.Fragment.Length == 0
        && (Allow.Count == 0 || Allow.Any(e => e.IsMatch(url)))
        && !Deny.Any(e => e.IsMatch(url));
}
