using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Storage.Uploads;

namespace LocalRegistry.Registry.Http;

/// <summary>
/// <c>/v2/&lt;name&gt;/blobs/uploads/</c> (OCI distribution-spec, Pushing blobs, Mounting a blob, Cancel an upload). A chunk may have any size, so no
/// <c>OCI-Chunk-Min-Length</c> is sent.
/// </summary>
internal sealed class UploadEndpoints(
    UploadStore uploads, BlobStore blobs, MirrorTable mirrors, LocationBuilder locations, HttpConfiguration configuration)
{
    private readonly UploadSignature? _signature = configuration.Secret is { } secret ? new UploadSignature(secret) : null;

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
            if (await MountAsync(request, mounted))
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

        // What is sent whole is over with this request, so no other process needs to find it.
        Task<UploadSession?> beginning = digest is null ? uploads.BeginAsync(request.Name, algorithm, request.Aborted) : uploads.BeginHereAsync(request.Name, algorithm);
        if (await beginning is not { } session)
        {
            return TooMany;
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
    public async Task<RegistryError?> StatusAsync(RegistryRequest request)
    {
        if (await FindAsync(request) is not { } session)
        {
            return UnknownUpload(request);
        }

        Accepted(request, session);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    /// <summary>PATCH: takes a chunk, or all there is.</summary>
    public Task<RegistryError?> AppendAsync(RegistryRequest request) => WithUploadAsync(request, async session =>
    {
        if ((CheckRange(request, session) ?? await TakeAsync(request, session, null) ?? CheckTaken(request, session)) is { } refused)
        {
            return refused;
        }

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
        if (!await uploads.CancelAsync(session))
        {
            return await OvertakenAsync(request);
        }

        request.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    });

    private static RegistryError TooMany =>
        new(ErrorCode.TooManyRequests, $"{UploadStore.MaximumOpen} uploads are under way, which is as many as are taken");

    private static RegistryError InvalidDigest(string? text) => new(ErrorCode.DigestInvalid, text is null
        ? "the digest parameter is missing: it names the content, as sha256:<hex> or sha512:<hex>"
        : $"\"{text}\" is not a sha256 or sha512 digest");

    private static RegistryError UnknownUpload(RegistryRequest request) =>
        new(ErrorCode.BlobUploadUnknown, $"{request.Name} has no upload {request.Argument}: it has ended, or lay idle too long; begin again");

    // Who names no repository to mount from takes the blob from anywhere. Where only some repositories are served that would show the others' content.
    private Task<bool> MountAsync(RegistryRequest request, Digest digest) =>
        request.Query("from") is null && mirrors.ServesAll ? blobs.MountAsync(request.Name, digest, request.Aborted)
        : TryReadFrom(request, out RepositoryName from) ? blobs.MountAsync(from, request.Name, digest, request.Aborted)
        : Task.FromResult(false);

    // The client calls the repository that it mounts from as it calls the one that it mounts into: by the name that the same image host has for it.
    private bool TryReadFrom(RegistryRequest request, out RepositoryName from)
    {
        ClientName name = mirrors.Read(request.Target.Given, request.Query("from") ?? "");
        return name.TryMap(out from) && !name.IsCanary && mirrors.Serves(from);
    }

    private async Task<RegistryError?> WithUploadAsync(RegistryRequest request, Func<UploadSession, Task<RegistryError?>> action) =>
        await FindAsync(request) is { } session
            ? await WithAsync(request, session, () => action(session))
            : UnknownUpload(request);

    private async Task<RegistryError?> WithAsync(RegistryRequest request, UploadSession session, Func<Task<RegistryError?>> action)
    {
        if (session.Saved is not null && uploads.IsFull)
        {
            return TooMany;
        }

        if (!uploads.TryEnter(session))
        {
            Accepted(request, session);
            return new RegistryError(ErrorCode.ChunkOutOfOrder, "another request is working on this upload: chunks come one after another");
        }

        try
        {
            return await action();
        }
        catch (StoreException e) when (e.Kind == StoreFailure.Missing && request.Argument.Length > 0)
        {
            // Another process has ended it meanwhile, or the store has taken its parts.
            return UnknownUpload(request);
        }
        finally
        {
            await uploads.LeaveAsync(session);
        }
    }

    private async Task<UploadSession?> FindAsync(RegistryRequest request) =>
        _signature?.IsOf(request.Name, request.Argument, request.Query(UploadSignature.QueryKey)) is false
            ? null
            : await uploads.FindAsync(request.Name, request.Argument, request.Aborted);

    /// <summary>Takes a body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="session">An upload that was entered.</param>
    /// <param name="digest">The digest of the whole, if the request has it.</param>
    private async Task<RegistryError?> TakeAsync(RegistryRequest request, UploadSession session, Digest? digest)
    {
        // Told before anything is sent, if it can be: the client waits with its body for that, if it asked to (RFC 9110, section 10.1.1).
        bool fits = request.Request.ContentLength is not { } length || length <= uploads.MaximumSize - session.Offset;
        AppendOutcome outcome = AppendOutcome.TooLarge;
        if (fits)
        {
            outcome = await uploads.AppendAsync(session, request.Request.BodyReader, request.Request.ContentLength, digest, request.Aborted);
        }
        else if (!await uploads.CancelAsync(session))
        {
            outcome = AppendOutcome.Overtaken;
        }

        return outcome switch
        {
            AppendOutcome.Taken => null,
            AppendOutcome.TooLarge => new RegistryError(
                ErrorCode.SizeTooLarge,
                $"this registry takes blobs of at most {uploads.MaximumSize} bytes (http.maxuploadsize) in {IPartWriter.MaximumParts} parts (storage.s3.chunksize); nothing of this one was kept"),
            AppendOutcome.NoRoom => new RegistryError(
                ErrorCode.TooManyRequests, "too many uploads come in slowly, and others wait for their memory; begin this one again"),
            _ => await OvertakenAsync(request),
        };
    }

    private async Task<RegistryError> OvertakenAsync(RegistryRequest request)
    {
        if (await uploads.FindAsync(request.Name, request.Argument, request.Aborted) is not { } session)
        {
            return UnknownUpload(request);
        }

        Accepted(request, session);
        return new RegistryError(ErrorCode.ChunkOutOfOrder, $"another request has worked on this upload meanwhile: the next chunk begins at {session.Offset}");
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

    // The length of a body that comes in chunks (RFC 9112, section 7.1) is known only at its end; then it has been taken.
    private RegistryError? CheckTaken(RegistryRequest request, UploadSession session)
    {
        if (request.Request.Headers.ContentRange.FirstOrDefault() is not { } text || !ByteRange.TryParseChunk(text, out ByteRange range)
            || range.Last == session.Offset - 1)
        {
            return null;
        }

        Accepted(request, session);
        return new RegistryError(
            ErrorCode.SizeInvalid,
            $"the Content-Range \"{text}\" holds {range.Length} bytes, the body {session.Offset - range.First}, which were taken: the next chunk begins at {session.Offset}");
    }

    private async Task<RegistryError?> FinishAsync(RegistryRequest request, UploadSession session, Digest digest)
    {
        if (await TakeAsync(request, session, digest) is { } refused)
        {
            return refused;
        }

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
        string query = _signature is null ? "" : $"{UploadSignature.QueryKey}={_signature.Of(request.Name, session.Id)}";
        request.Response.StatusCode = StatusCodes.Status202Accepted;
        request.Response.Headers.Location = locations.For(request.Request, request.Target.PathTo($"blobs/uploads/{session.Id}", query));
        request.Response.Headers.Range = $"0-{Math.Max(0, session.Offset - 1)}";
        request.Response.Headers["Docker-Upload-UUID"] = session.Id;
    }
}
