using System.Text.Encodings.Web;
using System.Text.Json;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;

namespace LocalRegistry.Registry.Http;

/// <summary><c>/v2/&lt;name&gt;/referrers/&lt;digest&gt;</c> (OCI distribution-spec, Listing Referrers), a page at a time.</summary>
internal sealed class ReferrerEndpoints(ReferrerListing listing)
{
    /// <summary>How many referrers are looked at for a page; a filter may leave fewer of them, or none.</summary>
    internal const int PageSize = 1000;

    private const string FilterKey = "artifactType";

    // Each may be of 4 MiB and is held in memory.
    private const int ConcurrentReads = 4;

    // An answer is an index, so no client need take a longer one. What stands around the descriptors has its place too.
    private const int Room = ManifestDocument.MaximumSize - 1024;

    private static readonly JsonEncodedText IndexType = JsonEncodedText.Encode(MediaTypes.OciIndex, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    public async Task<RegistryError?> GetAsync(RegistryRequest request)
    {
        if (!Digest.TryParse(request.Argument, out Digest subject))
        {
            return new RegistryError(ErrorCode.DigestInvalid, $"\"{request.Argument}\" is not a sha256 or sha512 digest");
        }

        // A media type holds no blank: one was a plus sign that the client did not escape.
        string filter = request.Query(FilterKey)?.Replace(' ', '+') ?? "";
        List<Digest> found = await listing.FindAsync(request.Name, subject, request.Aborted);
        int start = request.Query("last") is { Length: > 0 } last ? found.FindIndex(d => string.CompareOrdinal(d.ToString(), last) > 0) : 0;
        (List<byte[]> page, int next) = start < 0 ? ([], found.Count) : await ReadPageAsync(request, subject, found, start, filter);
        if (next < found.Count)
        {
            request.Response.Headers.Link = $"<{request.Request.Path}?{NextQuery(request, found[next - 1], filter)}>; rel=\"next\"";
        }

        if (filter.Length > 0)
        {
            request.Response.Headers["OCI-Filters-Applied"] = FilterKey;
        }

        await SendAsync(request, page);
        return null;
    }

    // Gives the descriptors, and the place of the first referrer that is left for the next page.
    private async Task<(List<byte[]> Page, int Next)> ReadPageAsync(RegistryRequest request, Digest subject, List<Digest> found, int start, string filter)
    {
        var page = new List<byte[]>();
        int size = 0;
        int end = Math.Min(start + PageSize, found.Count);
        for (int next = start; next < end;)
        {
            IEnumerable<Digest> batch = found[next..Math.Min(next + ConcurrentReads, end)];
            foreach (Referrer? referrer in await Task.WhenAll(batch.Select(d => listing.ReadAsync(request.Name, subject, d, request.Aborted))))
            {
                if (referrer is not null && (filter.Length == 0 || referrer.Referral.ArtifactType == filter))
                {
                    byte[] descriptor = referrer.ToJson(Room - 1);
                    size += descriptor.Length + 1;
                    if (size > Room)
                    {
                        return (page, next);
                    }

                    page.Add(descriptor);
                }

                next++;
            }
        }

        return (page, end);
    }

    private static string NextQuery(RegistryRequest request, Digest last, string filter)
    {
        string[] parts = [$"last={last}", filter.Length == 0 ? "" : $"{FilterKey}={Uri.EscapeDataString(filter)}", request.Target.Query];
        return string.Join('&', parts.Where(part => part.Length > 0));
    }

    private static Task SendAsync(RegistryRequest request, List<byte[]> descriptors) => JsonBody.SendAsync(
        request.Response,
        MediaTypes.OciIndex,
        json =>
        {
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", IndexType);
            json.WriteStartArray("manifests");
            foreach (byte[] descriptor in descriptors)
            {
                json.WriteRawValue(descriptor, skipInputValidation: true);
            }

            json.WriteEndArray();
        },
        request.Aborted);
}
