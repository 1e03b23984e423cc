using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;

namespace LocalRegistry.Registry.Http;

/// <summary><c>GET /v2/&lt;name&gt;/manifests/&lt;reference&gt;</c> (OCI distribution-spec, Pulling manifests).</summary>
internal sealed class ManifestEndpoints(ManifestStore manifests)
{
    public async Task<RegistryError?> GetAsync(RegistryRequest request)
    {
        if (ParseReference(request, out Reference reference) is { } invalid)
        {
            return invalid;
        }

        if (await manifests.FindAsync(request.Name, reference, request.Aborted) is not { } manifest)
        {
            return new RegistryError(ErrorCode.ManifestUnknown, $"{request.Name} has no manifest {reference}");
        }

        if (manifest.MediaType is null)
        {
            return new RegistryError(
                ErrorCode.ManifestUnknown,
                $"{request.Name} has {manifest.Digest}, but it is of a kind that is not served, such as Docker's schema 1: push the image again with a current client");
        }

        HttpResponse response = request.Response;
        response.Headers.ContentType = manifest.MediaType;
        string digest = manifest.Digest.ToString();
        response.Headers.ETag = $"\"{digest}\"";
        response.Headers["Docker-Content-Digest"] = digest;
        StaleWarning.Write(response, manifest.IsStale);
        if (Conditional.IsUnchanged(request.Request, manifest.Digest))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        response.ContentLength = manifest.Content.Length;
        if (!HttpMethods.IsHead(request.Request.Method))
        {
            await response.Body.WriteAsync(manifest.Content, request.Aborted);
        }

        return null;
    }

    /// <summary>Reads the reference of a request's path; an error if it is none.</summary>
    internal static RegistryError? ParseReference(RegistryRequest request, out Reference reference) => Reference.TryParse(request.Argument, out reference)
        ? null
        : request.Argument.Contains(':')
            ? new RegistryError(ErrorCode.DigestInvalid, $"\"{request.Argument}\" is not a sha256 or sha512 digest")
            : InvalidTag(request.Argument);

    /// <summary>Says what a tag is, of a text that is none.</summary>
    internal static RegistryError InvalidTag(string text) => new(
        ErrorCode.TagInvalid,
        $"\"{text}\" is not a tag: it has letters, digits, \"_\", \".\" and \"-\", {Reference.MaximumTagLength} of them at most, and begins with neither \".\" nor \"-\"");
}
