using System.Buffers;
using System.IO.Pipelines;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;

namespace LocalRegistry.Registry.Http;

/// <summary><c>PUT /v2/&lt;name&gt;/manifests/&lt;reference&gt;</c>, with tags in the query if the reference is a digest (OCI distribution-spec, Pushing Manifests).</summary>
internal sealed class ManifestPushEndpoint(ManifestStore manifests, ManifestContentCheck check, LocationBuilder locations)
{
    /// <summary>The most tags in one request; the specification asks for ten. As many of the longest fit into a request line.</summary>
    internal const int MaximumTags = 50;

    private const string TagKey = "tag";

    public async Task<RegistryError?> PutAsync(RegistryRequest request)
    {
        if (ManifestEndpoints.ParseReference(request, out Reference reference) is { } invalid)
        {
            return invalid;
        }

        if (ReadTags(request, reference, out string[] tags) is { } refused)
        {
            return refused;
        }

        if (await ReadBodyAsync(request) is not { } content)
        {
            return new RegistryError(ErrorCode.ManifestTooLarge, $"a manifest may have {ManifestDocument.MaximumSize} bytes (4 MiB) at most");
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

        if (await check.RunAsync(request.Name, document, request.Aborted) is { } unfit)
        {
            return unfit;
        }

        await manifests.WriteAsync(request.Name, digest, content, document.Referral.Subject, reference.Tag is { } tag ? [tag] : tags, request.Aborted);
        Created(request, digest, document.Referral.Subject, tags);
        return null;
    }

    private static RegistryError? ReadTags(RegistryRequest request, Reference reference, out string[] tags)
    {
        tags = [.. request.Request.Query[TagKey].Select(tag => tag ?? "").Distinct(StringComparer.Ordinal)];
        if (tags.Length == 0)
        {
            return null;
        }

        if (reference.Tag is not null)
        {
            return new RegistryError(ErrorCode.TagInvalid, $"the {TagKey} parameter goes with a push by digest, and the path names the tag {reference.Tag}: push by digest, with that tag among the parameters");
        }

        if (tags.Length > MaximumTags)
        {
            return new RegistryError(ErrorCode.TooManyTags, $"{tags.Length} tags are more than the {MaximumTags} that one request may name: send the rest in further requests");
        }

        return tags.FirstOrDefault(tag => !Reference.IsTag(tag)) is { } bad ? ManifestEndpoints.InvalidTag(bad) : null;
    }

    // Null if the body is larger than a manifest may be.
    private static async Task<byte[]?> ReadBodyAsync(RegistryRequest request)
    {
        if (request.Request.ContentLength > ManifestDocument.MaximumSize)
        {
            return null;
        }

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

    private void Created(RegistryRequest request, Digest digest, Digest? subject, string[] tags)
    {
        request.Response.StatusCode = StatusCodes.Status201Created;
        request.Response.Headers.Location = locations.For(request.Request, request.Target.PathTo($"manifests/{digest}"));
        request.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        if (tags.Length > 0)
        {
            // A header for each: clients differ in how well they split lists.
            request.Response.Headers["OCI-Tag"] = tags;
        }

        if (subject is { } referred)
        {
            // The client learns by it that it need not keep a list of referrers under a tag.
            request.Response.Headers["OCI-Subject"] = referred.ToString();
        }
    }
}
