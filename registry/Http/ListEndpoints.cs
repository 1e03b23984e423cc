using System.Globalization;
using System.Text.Json;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Storage;

namespace LocalRegistry.Registry.Http;

/// <summary>Tag lists (OCI distribution-spec, Listing Tags) and the catalog (Docker's API), a page at a time.</summary>
internal sealed class ListEndpoints(RepositoryListing listing, MirrorTable mirrors, RegistryConfiguration configuration)
{
    private const int CatalogPage = 100;

    public async Task<RegistryError?> TagsAsync(RegistryRequest request)
    {
        if (ParseCount(request.Context, configuration.TagsMaxEntries, configuration.TagsMaxEntries, out int count) is { } invalid)
        {
            return invalid;
        }

        if (await listing.TagsAsync(request.Name, request.Aborted) is not { } tags)
        {
            return new RegistryError(ErrorCode.NameUnknown, $"there is no repository {request.Name}");
        }

        await SendAsync(request.Context, tags, count, request.Target.Query, "tags", json => json.WriteString("name", request.Target.Route.Name));
        return null;
    }

    public async Task<RegistryError?> CatalogAsync(HttpContext context)
    {
        if (ParseCount(context, CatalogPage, configuration.CatalogMaxEntries, out int count) is { } invalid)
        {
            return invalid;
        }

        List<string> repositories = await listing.RepositoriesAsync(context.RequestAborted);
        repositories.RemoveAll(name => !mirrors.Serves(name));
        await SendAsync(context, repositories, count, "", "repositories", _ => { });
        return null;
    }

    private static RegistryError? ParseCount(HttpContext context, int absent, int maximum, out int count)
    {
        count = Math.Min(absent, maximum);
        if (!context.Request.Query.TryGetValue("n", out Microsoft.Extensions.Primitives.StringValues text))
        {
            return null;
        }

        if (!int.TryParse(text[0], NumberStyles.None, CultureInfo.InvariantCulture, out count))
        {
            return new RegistryError(ErrorCode.PageNumberInvalid, $"n must be the number of entries wanted, not \"{text[0]}\"");
        }

        count = Math.Min(count, maximum);
        return null;
    }

    private static async Task SendAsync(HttpContext context, List<string> entries, int count, string query, string field, Action<Utf8JsonWriter> writeHead)
    {
        string last = context.Request.Query["last"].FirstOrDefault() ?? "";
        int start = last.Length == 0 ? 0 : entries.BinarySearch(last, StringComparer.Ordinal);
        start = start < 0 ? ~start : last.Length == 0 ? 0 : start + 1;
        int end = Math.Min(start + count, entries.Count);
        if (end < entries.Count && count > 0)
        {
            context.Response.Headers.Link = $"<{context.Request.Path}?last={Uri.EscapeDataString(entries[end - 1])}&n={count}{(query.Length == 0 ? "" : "&")}{query}>; rel=\"next\"";
        }

        await JsonBody.SendAsync(
            context.Response,
            json =>
            {
                writeHead(json);
                json.WriteStartArray(field);
                for (int i = start; i < end; i++)
                {
                    json.WriteStringValue(entries[i]);
                }

                json.WriteEndArray();
            },
            context.RequestAborted);
    }
}
