using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Uploads;

namespace LocalRegistry.Registry.Http;

/// <summary><c>/v2/&lt;name&gt;/blobs/uploads/</c> (OCI distribution-spec, Pushing blobs, Mounting a blob, Cancel an upload).</summary>
internal sealed class UploadEndpoints(UploadStore uploads, BlobStore blobs, MirrorTable mirrors, LocationBuilder locations, TimeProvider time)
{
    /// <summary>POST: opens an upload, takes a whole blob at once, or mounts one.</summary>
    public async Task<RegistryError?> BeginAsync(RegistryRequest request)
    {
        Digest? digest = null;
        if (request.Query("digest") is { } digestText)
        {
            if (!Digest.TryParse(digestText, out Digest parsed))
            {
                return InvalidDigest(digestText);
            }

            digest = parsed;
        }

        if (request.Query("mount") is { } mount)
        {
            if (!Digest.TryParse(mount, out Digest mounted))
            {
                return InvalidDigest(mount);
            }

            // A mount that cannot be is an upload that begins (same section).
            if (TryReadFrom(request, out RepositoryName from) && await blobs.MountAsync(from, request.Name, mounted, request.Aborted))
            {
                Created(request, mounted);
                return null;
            }
        }

        DigestAlgorithm? algorithm = null;
        if (request.Query("digest-algorithm") is { } algorithmName && (algorithm = DigestAlgorithm.Find(algorithmName)) is null)
        {
            return new RegistryError(ErrorCode.DigestInvalid, $"\"{algorithmName}\" is not sha256 or sha512");
        }

        if (await uploads.BeginAsync(request.Name, algorithm) is not { } session)
        {
            return new RegistryError(ErrorCode.TooManyRequests, $"{UploadStore.MaximumOpen} uploads are under way, which is as many as are taken");
        }

        if (digest is { } whole)
        {
            try
            {
                return await WithAsync(request, session, () => FinishAsync(request, session, whole));
            }
            finally
            {
                // The client was never told of the session, so nobody can go on with it.
                await uploads.CancelAsync(session);
            }
        }

        Accepted(request, session);
        return null;
    }

    /// <summary>GET: says how far an upload has come.</summary>
    public Task<RegistryError?> StatusAsync(RegistryRequest request)
    {
        if (uploads.Find(request.Name, request.Argument) is not { } session)
        {
            return Task.FromResult<RegistryError?>(UnknownUpload(request));
        }

        Accepted(request, session);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.FromResult<RegistryError?>(null);
    }

    /// <summary>PATCH: takes a chunk, or all there is.</summary>
    public Task<RegistryError?> AppendAsync(RegistryRequest request) => WithUploadAsync(request, async session =>
    {
        if (CheckRange(request, session) is { } invalid)
        {
            return invalid;
        }

        await uploads.AppendAsync(session, request.Request.BodyReader, null, request.Aborted);
        Accepted(request, session);
        return null;
    });

    /// <summary>PUT: takes the last chunk, if there is a body, and closes the upload.</summary>
    public Task<RegistryError?> CloseAsync(RegistryRequest request) => WithUploadAsync(request, async session =>
        !Digest.TryParse(request.Query("digest"), out Digest digest) ? InvalidDigest(request.Query("digest"))
        : CheckRange(request, session) is { } invalid ? invalid
        : await FinishAsync(request, session, digest));

    /// <summary>DELETE: drops an upload.</summary>
    public Task<RegistryError?> CancelAsync(RegistryRequest request) => WithUploadAsync(request, async session =>
    {
        await uploads.CancelAsync(session);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    });

    private static RegistryError InvalidDigest(string? text) => new(ErrorCode.DigestInvalid, text is null
        ? "the digest parameter is missing: it names the content, as sha256:<hex> or sha512:<hex>"
        : $"\"{text}\" is not a sha256 or sha512 digest");

    private static RegistryError UnknownUpload(RegistryRequest request) =>
        new(ErrorCode.BlobUploadUnknown, $"{request.Name} has no upload {request.Argument}: it has ended, or lay idle too long; begin again");

    // The client calls the repository that it mounts from as it calls the one that it mounts into: by the name that the same image host has for it.
    private bool TryReadFrom(RegistryRequest request, out RepositoryName from)
    {
        ClientName name = mirrors.Read(request.Target.Given, request.Query("from") ?? "");
        return name.TryMap(out from) && !name.IsCanary && mirrors.Serves(from);
    }

    private async Task<RegistryError?> WithUploadAsync(RegistryRequest request, Func<UploadSession, Task<RegistryError?>> action) =>
        uploads.Find(request.Name, request.Argument) is { } session
            ? await WithAsync(request, session, () => action(session))
            : UnknownUpload(request);

    private async Task<RegistryError?> WithAsync(RegistryRequest request, UploadSession session, Func<Task<RegistryError?>> action)
    {
        if (!session.TryEnter())
        {
            Accepted(request, session);
            return new RegistryError(ErrorCode.ChunkOutOfOrder, "another request is working on this upload: chunks come one after another");
        }

        try
        {
            return await action();
        }
        finally
        {
            session.LastUsed = time.GetTimestamp();
            session.Leave();
        }
    }

    private RegistryError? CheckRange(RegistryRequest request, UploadSession session)
    {
        if (request.Request.Headers.ContentRange.FirstOrDefault() is not { } text)
        {
            return null;
        }

        if (!ByteRange.TryParseChunk(text, out ByteRange range))
        {
            return new RegistryError(ErrorCode.BlobUploadInvalid, $"the Content-Range \"{text}\" must be <first>-<last>");
        }

        if (request.Request.ContentLength is { } length && length != range.Length)
        {
            return new RegistryError(ErrorCode.SizeInvalid, $"the Content-Range \"{text}\" holds {range.Length} bytes, the body {length}");
        }

        if (range.First != session.Offset)
        {
            Accepted(request, session);
            return new RegistryError(ErrorCode.ChunkOutOfOrder, $"the next chunk begins at {session.Offset}, not at {range.First}");
        }

        return null;
    }

    private async Task<RegistryError?> FinishAsync(RegistryRequest request, UploadSession session, Digest digest)
    {
        await uploads.AppendAsync(session, request.Request.BodyReader, digest, request.Aborted);
        if (!await uploads.CommitAsync(session, digest, request.Aborted))
        {
            return new RegistryError(ErrorCode.DigestInvalid, $"the content that was sent does not have the digest {digest}");
        }

        Created(request, digest);
        return null;
    }

    private void Created(RegistryRequest request, Digest digest)
    {
        request.Response.StatusCode = StatusCodes.Status201Created;
        request.Response.Headers.Location = locations.For(request.Request, request.Target.PathTo($"blobs/{digest}"));
        request.Response.Headers["Docker-Content-Digest"] = digest.ToString();
    }

    private void Accepted(RegistryRequest request, UploadSession session)
    {
        request.Response.StatusCode = StatusCodes.Status202Accepted;
        request.Response.Headers.Location = locations.For(request.Request, request.Target.PathTo($"blobs/uploads/{session.Id}"));
        request.Response.Headers.Range = $"0-{Math.Max(0, session.Offset - 1)}";
        request.Response.Headers["Docker-Upload-UUID"] = session.Id;
    }
}
