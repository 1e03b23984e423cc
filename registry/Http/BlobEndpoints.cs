using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Drivers.S3;

namespace LocalRegistry.Registry.Http;

/// <summary><c>/v2/&lt;name&gt;/blobs/&lt;digest&gt;</c> (OCI distribution-spec, Pulling blobs).</summary>
/// <param name="blobs">Where blobs are.</param>
/// <param name="presigner">Makes the URLs that clients are sent to; null if the registry sends blobs itself.</param>
internal sealed class BlobEndpoints(BlobStore blobs, S3Presigner? presigner = null)
{
    public async Task<RegistryError?> GetAsync(RegistryRequest request)
    {
        if (!Digest.TryParse(request.Argument, out Digest digest))
        {
            return new RegistryError(ErrorCode.DigestInvalid, $"\"{request.Argument}\" is not a sha256 or sha512 digest");
        }

        // What a client claims to have proves nothing: the answer must not differ from a blob's that the repository does not hold.
        if (Conditional.IsUnchanged(request.Request, digest) && await blobs.FindAsync(request.Name, digest, isForPush: false, request.Aborted) is { } held)
        {
            request.Response.StatusCode = StatusCodes.Status304NotModified;
            WriteHeaders(request.Response, digest, held.IsStale);
            return null;
        }

        if (presigner is not null)
        {
            return await RedirectAsync(request, digest, presigner);
        }

        return HttpMethods.IsHead(request.Request.Method) ? await HeadAsync(request, digest) : await SendAsync(request, digest);
    }

    private static RegistryError Unknown(RegistryRequest request, Digest digest) =>
        new(ErrorCode.BlobUnknown, $"{request.Name} has no blob {digest}");

    private static void WriteHeaders(HttpResponse response, Digest digest, bool isStale)
    {
        string text = digest.ToString();
        response.Headers.ContentType = "application/octet-stream";
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = $"\"{text}\"";
        response.Headers.CacheControl = "max-age=31536000";
        response.Headers["Docker-Content-Digest"] = text;
        StaleWarning.Write(response, isStale);
    }

    // HEAD too, as Docker's registry does it. A range is for S3 to answer: clients send the header on to where they are sent.
    private async Task<RegistryError?> RedirectAsync(RegistryRequest request, Digest digest, S3Presigner signer)
    {
        if (await blobs.StatAsync(request.Name, digest, request.Aborted) is null)
        {
            return Unknown(request, digest);
        }

        request.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        request.Response.Headers.Location = await signer.SignAsync(KeyLayout.BlobData(digest), HttpMethods.IsHead(request.Request.Method));
        // Whoever has the URL has the blob, so no cache may keep it.
        request.Response.Headers.CacheControl = "no-store";
        request.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        return null;
    }

    private async Task<RegistryError?> HeadAsync(RegistryRequest request, Digest digest)
    {
        if (await blobs.FindAsync(request.Name, digest, isForPush: true, request.Aborted) is not { } blob)
        {
            return Unknown(request, digest);
        }

        WriteHeaders(request.Response, digest, blob.IsStale);
        request.Response.ContentLength = blob.Size;
        return null;
    }

    private async Task<RegistryError?> SendAsync(RegistryRequest request, Digest digest)
    {
        string? rangeHeader = Conditional.RangeThatApplies(request.Request, digest);
        ByteRange? range = null;
        BlobDescriptor? found = null;
        if (rangeHeader is not null)
        {
            found = await blobs.FindAsync(request.Name, digest, isForPush: false, request.Aborted);
            if (found is not { Size: var size })
            {
                return Unknown(request, digest);
            }

            if (!ByteRange.TryResolve(rangeHeader, size, out range))
            {
                request.Response.Headers.ContentRange = $"bytes */{size}";
                return new RegistryError(ErrorCode.RangeInvalid, $"the blob has {size} bytes, which \"{rangeHeader}\" lies outside of");
            }
        }

        await using ObjectContent? content = found is { } blob
            ? await blobs.OpenAsync(blob, range, request.Aborted)
            : await blobs.OpenAsync(request.Name, digest, request.Aborted);
        if (content is null)
        {
            return Unknown(request, digest);
        }

        WriteHeaders(request.Response, digest, content.IsStale);
        long length = range?.Length ?? content.Size;
        request.Response.ContentLength = length;
        if (range is { } part)
        {
            request.Response.StatusCode = StatusCodes.Status206PartialContent;
            request.Response.Headers.ContentRange = $"bytes {part.First}-{part.Last}/{content.Size}";
        }

        await ContentSender.SendAsync(content, length, length == content.Size ? digest : null, request.Context);
        return null;
    }
}
