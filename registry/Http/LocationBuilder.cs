using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Http;

/// <summary>Makes <c>Location</c> headers: relative, under <c>http.host</c>, or under the host that the client asked.</summary>
internal sealed class LocationBuilder(HttpConfiguration configuration)
{
    /// <param name="request">The request that is answered.</param>
    /// <param name="path">A path of this registry, with <c>http.prefix</c> before it.</param>
    public string For(HttpRequest request, string path)
    {
        if (configuration.RelativeUrls)
        {
            return path;
        }

        if (configuration.Host is { } host)
        {
            // A proxy that has the registry below a path of its own says so in http.host, and that path is the one that clients know.
            string front = host.AbsolutePath.TrimEnd('/');
            return host.GetLeftPart(UriPartial.Authority) + (front.Length == 0 ? path : $"{front}/{path[configuration.Prefix.Length..]}");
        }

        string scheme = request.Headers["X-Forwarded-Proto"].FirstOrDefault() is "https" ? "https" : request.Scheme;
        return request.Host.HasValue ? $"{scheme}://{request.Host}{path}" : path;
    }
}
