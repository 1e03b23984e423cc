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

        if (await listing.TagsAsync(request.Name, Position(request.Context), count, request.Aborted) is not { } page)
        {
            return new RegistryError(ErrorCode.NameUnknown, $"there is no repository {request.Name}");
        }

        await SendAsync(request.Context, page, count, request.Target.Query, "tags", json => json.WriteString("name", request.Target.Route.Name));
        return null;
    }

    public async Task<RegistryError?> CatalogAsync(HttpContext context)
    {
        if (ParseCount(context, CatalogPage, configuration.CatalogMaxEntries, out int count) is { } invalid)
        {
            return invalid;
        }

        ListPage page = await listing.RepositoriesAsync(mirrors, Position(context), count, context.RequestAborted);
        await SendAsync(context, page, count, "", "repositories", _ => { });
        return null;
    }

    private static RegistryError? ParseCount(HttpContext context, int absent, int maximum, out int count)
    {
        count = Math.Min(absent, maximum);
        if (!context.Request.Query.TryGetValue("n", out Microsoft.Extensions.Primitives.StringValues text))
        {
            return null;
        }

        if (!WholeNumber.TryParse(text[0], int.MaxValue, out count))
        {
            return new RegistryError(ErrorCode.PageNumberInvalid, $"n must be the number of entries wanted, not \"{text[0]}\"");
        }

        count = Math.Min(count, maximum);
        return null;
    }

    private static ListPosition Position(HttpContext context) => ListPosition.Parse(context.Request.Query["last"].FirstOrDefault());

    private static async Task SendAsync(HttpContext context, ListPage page, int count, string query, string field, Action<Utf8JsonWriter> writeHead)
    {
        if (page.HasMore)
        {
            context.Response.Headers.Link = $"<{context.Request.Path}?last={Uri.EscapeDataString(page.Entries[^1])}&n={count}{(query.Length == 0 ? "" : "&")}{query}>; rel=\"next\"";
        }

        await JsonBody.SendAsync(
            context.Response,
            json =>
            {
                writeHead(json);
                json.WriteStartArray(field);
                foreach (string entry in page.Entries)
                {
                    json.WriteStringValue(entry);
                }

                json.WriteEndArray();
            },
            context.RequestAborted);
    }
}
