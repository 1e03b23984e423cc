using LocalRegistry.Registry.Http;

namespace LocalRegistry.Registry.Telemetry;

/// <summary>What Docker's registry calls the endpoints in metrics, and what ours adds. The set is closed.</summary>
internal static class HandlerName
{
    /// <summary>All names.</summary>
    public static readonly IReadOnlyList<string> All = [.. Enum.GetValues<RouteKind>().Select(Of).OfType<string>()];

    /// <summary>An endpoint's name; null for a path that is no endpoint, which nothing is counted of.</summary>
    public static string? Of(RouteKind kind) => kind switch
    {
        RouteKind.Base => "base",
        RouteKind.Catalog => "catalog",
        RouteKind.Tags => "tags",
        RouteKind.Manifest => "manifest",
        RouteKind.Referrers => "referrers",
        RouteKind.Blob => "blob",
        RouteKind.Uploads => "blob_upload",
        RouteKind.Upload => "blob_upload_chunk",
        _ => null,
    };
}
