using System.Buffers;
using System.IO.Pipelines;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;

namespace LocalRegistry.Registry.Http;

/// <summary><c>/v2/&lt;name&gt;/manifests/&lt;reference&gt;</c> (OCI distribution-spec, Pulling manifests, Pushing manifests).</summary>
internal sealed class ManifestEndpoints(ManifestStore manifests, BlobStore blobs, LocationBuilder locations)
{
    private const int ConcurrentLookups = 8;

    public async Task<RegistryError?> GetAsync(RegistryRequest request)
    {
        if (ParseReference(request, out Reference reference) is { } invalid)
        {
            return invalid;
        }

        if (await manifests.ResolveAsync(request.Name, reference, request.Aborted) is not { } digest
            || await manifests.ReadAsync(request.Name, digest, request.Aborted) is not { } manifest)
        {
            return new RegistryError(ErrorCode.ManifestUnknown, $"{request.Name} has no manifest {reference}");
        }

        if (manifest.MediaType is null)
        {
            return new RegistryError(
                ErrorCode.ManifestUnknown,
                $"{request.Name} has {digest}, but it is of a kind that is not served, such as Docker's schema 1: push the image again with a current client");
        }

        HttpResponse response = request.Response;
        response.Headers.ContentType = manifest.MediaType;
        response.Headers.ETag = $"\"{digest}\"";
        response.Headers["Docker-Content-Digest"] = digest.ToString();
        if (Conditional.IsUnchanged(request.Request, digest))
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

    public async Task<RegistryError?> PutAsync(RegistryRequest request)
    {
        if (ParseReference(request, out Reference reference) is { } invalid)
        {
            return invalid;
        }

        if (await ReadBodyAsync(request) is not { } content)
        {
            return new RegistryError(ErrorCode.ManifestTooLarge, $"a manifest may have {ManifestDocument.MaximumSize} bytes at most");
        }

        string? contentType = request.Request.ContentType?.Split(';')[0].Trim();
        if (ManifestDocument.TryParse(content, contentType, out string problem) is not { } document)
        {
            return new RegistryError(ErrorCode.ManifestInvalid, problem);
        }

        if (document.Referral.Problem is { } bad)
        {
            return new RegistryError(ErrorCode.ManifestInvalid, bad);
        }

        Digest digest = Digest.Of(reference.Digest?.Algorithm ?? DigestAlgorithm.Sha256, content);
        if (reference.Digest is { } named && named != digest)
        {
            return new RegistryError(ErrorCode.DigestInvalid, $"the manifest's digest is {digest}, not {named}");
        }

        if (await FindMissingAsync(request, document) is { } missing)
        {
            string kind = document.IsIndex ? "manifest" : "blob";
            return new RegistryError(ErrorCode.ManifestBlobUnknown, $"the manifest names the {kind} {missing}, which {request.Name} does not have: push it first");
        }

        await manifests.WriteAsync(request.Name, digest, content, document.Referral.Subject, reference.Tag, request.Aborted);
        request.Response.StatusCode = StatusCodes.Status201Created;
        request.Response.Headers.Location = locations.For(request.Request, request.Target.PathTo($"manifests/{digest}"));
        request.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        if (document.Referral.Subject is { } subject)
        {
            // The client learns by it that it need not keep a list of referrers under a tag.
            request.Response.Headers["OCI-Subject"] = subject.ToString();
        }

        return null;
    }

    /// <summary>Reads the reference of a request's path; an error if it is none.</summary>
    internal static RegistryError? ParseReference(RegistryRequest request, out Reference reference) => Reference.TryParse(request.Argument, out reference)
        ? null
        : request.Argument.Contains(':')
            ? new RegistryError(ErrorCode.DigestInvalid, $"\"{request.Argument}\" is not a sha256 or sha512 digest")
            : new RegistryError(ErrorCode.TagInvalid, $"\"{request.Argument}\" is not a tag");

    // Null if the body is larger than a manifest may be.
    private static async Task<byte[]?> ReadBodyAsync(RegistryRequest request)
    {
        PipeReader reader = request.Request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(request.Aborted);
            bool isTooLarge = read.Buffer.Length > ManifestDocument.MaximumSize;
            if (isTooLarge || read.IsCompleted)
            {
                // Every read is ended by an advance: the server gives up a connection whose body was left half read.
                byte[]? body = isTooLarge ? null : read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task<Digest?> FindMissingAsync(RegistryRequest request, ManifestDocument document)
    {
        Digest? missing = null;
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConcurrentLookups, CancellationToken = request.Aborted };
        await Parallel.ForEachAsync(document.Content.Where(d => !d.IsForeign).Select(d => d.Digest).Distinct(), options, async (digest, token) =>
        {
            bool present = document.IsIndex
                ? await manifests.ExistsAsync(request.Name, digest, token)
                : await blobs.StatAsync(request.Name, digest, token) is not null;
            if (!present)
            {
                missing = digest;
            }
        });
        return missing;
    }
}
