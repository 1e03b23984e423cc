using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;

namespace LocalRegistry.Registry.Http;

/// <summary>
/// <c>DELETE /v2/&lt;name&gt;/manifests/&lt;reference&gt;</c> and <c>DELETE /v2/&lt;name&gt;/blobs/&lt;digest&gt;</c>
/// (OCI distribution-spec, Deleting Tags, Deleting Manifests, Deleting Blobs).
/// </summary>
internal sealed class DeleteEndpoints(ManifestDeletion manifests, BlobStore blobs)
{
    /// <summary>By a tag, removes the tag alone; by a digest, the manifest and every tag that names it.</summary>
    public async Task<RegistryError?> ManifestAsync(RegistryRequest request)
    {
        if (ManifestEndpoints.ParseReference(request, out Reference reference) is { } invalid)
        {
            return invalid;
        }

        bool deleted = reference.Digest is { } digest
            ? await manifests.DeleteAsync(request.Name, digest, request.Aborted)
            : await manifests.UntagAsync(request.Name, reference.Tag!, request.Aborted);
        return deleted
            ? Accepted(request)
            : new RegistryError(ErrorCode.ManifestUnknown, $"{request.Name} has no {(reference.Tag is null ? "manifest" : "tag")} {reference}");
    }

    public async Task<RegistryError?> BlobAsync(RegistryRequest request)
    {
        if (!Digest.TryParse(request.Argument, out Digest digest))
        {
            return new RegistryError(ErrorCode.DigestInvalid, $"\"{request.Argument}\" is not a sha256 or sha512 digest");
        }

        return await blobs.UnlinkAsync(request.Name, digest, request.Aborted)
            ? Accepted(request)
            : new RegistryError(ErrorCode.BlobUnknown, $"{request.Name} has no blob {digest}");
    }

    private static RegistryError? Accepted(RegistryRequest request)
    {
        request.Response.StatusCode = StatusCodes.Status202Accepted;
        request.Response.ContentLength = 0;
        return null;
    }
}
