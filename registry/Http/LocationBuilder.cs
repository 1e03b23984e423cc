using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Http;

/// <summary>Makes <c>Location</c> headers: relative, under <c>http.host</c>, or under the host that the client asked.</summary>
internal sealed class LocationBuilder(HttpConfiguration configuration)
{
    public string For(HttpRequest request, string path)
    {
        if (configuration.RelativeUrls)
        {
            return path;
        }

        if (configuration.Host is { } host)
        {
            return host.GetLeftPart(UriPartial.Authority) + path;
        }

        string scheme = request.Headers["X-Forwarded-Proto"].FirstOrDefault() is "https" ? "https" : request.Scheme;
        return request.Host.HasValue ? $"{scheme}://{request.Host}{path}" : path;
    }
}
