using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Login;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Primitives;

namespace LocalRegistry.Registry.Http;

/// <summary>Answers every request of the registry's API, and is the one place where failures become responses.</summary>
internal sealed partial class RegistryHandler(
    BlobEndpoints blobs,
    ManifestEndpoints manifests,
    ManifestPushEndpoint push,
    DeleteEndpoints deletes,
    UploadEndpoints uploads,
    ListEndpoints lists,
    ReferrerEndpoints referrers,
    CanaryEndpoints canary,
    MirrorTable mirrors,
    MirrorRecord record,
    RegistryConfiguration configuration,
    ILogger<RegistryHandler> logger,
    BasicLogin? login = null)
{
    private static readonly RegistryError ReadOnlyError =
        new(ErrorCode.Unsupported, "this registry is read-only: push where the bucket's publishers push");

    private static readonly RegistryError DeleteDisabledError =
        new(ErrorCode.Unsupported, "this registry deletes nothing: its configuration lacks storage.delete.enabled: true");

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    private readonly KeyValuePair<string, StringValues>[] _headers =
        [.. configuration.Http.Headers.Select(h => KeyValuePair.Create(h.Key, new StringValues([.. h.Value])))];

    private delegate Task<RegistryError?> Endpoint(RegistryRequest request);

    public async Task HandleAsync(HttpContext context)
    {
        WriteCommonHeaders(context.Response);
        RegistryError? error;
        bool failed = true;
        try
        {
            error = await DispatchAsync(context);
            failed = false;
        }
        catch (Exception e) when (e is ConnectionAbortedException || (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException))
        {
            LogClientGone(context.Request.Method, context.Request.Path);
            return;
        }
        catch (BadHttpRequestException e)
        {
            error = new RegistryError(new ErrorCode("UNSUPPORTED", e.StatusCode), e.Message);
        }
        catch (StoreException e)
        {
            LogStoreFailure(e, context.Request.Method, context.Request.Path);
            error = e.Kind == StoreFailure.Denied
                ? new RegistryError(ErrorCode.Denied, "the object store refuses the registry's identity: run \"registry check\"")
                : new RegistryError(ErrorCode.Unavailable, "the object store does not answer; try again");
        }
        catch (CorruptContentException e)
        {
            LogFailure(e, context.Request.Method, context.Request.Path);
            error = new RegistryError(ErrorCode.Unknown, e.Message);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            LogFailure(e, context.Request.Method, context.Request.Path);
            error = new RegistryError(ErrorCode.Unknown, "the registry failed in a way that it does not know; its log says more");
        }

        if (error is null)
        {
            return;
        }

        if (context.Response.HasStarted)
        {
            // The status is out and the length is promised: a cut connection is the only way left to say that this is not all.
            context.Abort();
            return;
        }

        if (failed)
        {
            // What was to be sent may have been announced already, and kept for a year.
            context.Response.Clear();
            WriteCommonHeaders(context.Response);
        }

        await error.WriteAsync(context.Response);
    }

    private void WriteCommonHeaders(HttpResponse response)
    {
        response.Headers["Docker-Distribution-API-Version"] = "registry/2.0";
        foreach ((string name, StringValues values) in _headers)
        {
            response.Headers[name] = values;
        }
    }

    private async Task<RegistryError?> DispatchAsync(HttpContext context)
    {
        RegistryError? misdirected = RequestTarget.Read(context.Request, mirrors, configuration.Http.Prefix, out RequestTarget target);
        ObservedRequest.IsFor(context, target.Route.Kind);
        if (login is not null && await login.CheckAsync(context) is { } refused)
        {
            return refused;
        }

        if (misdirected is not null)
        {
            return misdirected;
        }

        RegistryRoute route = target.Route;
        bool reads = IsRead(context.Request.Method);
        if (route.Kind != RouteKind.None && !IsAllowed(route.Kind, context.Request.Method))
        {
            // RFC 9110, sections 9.3.7 and 15.5.6.
            context.Response.Headers.Allow = string.Join(", ", Methods.Where(m => IsAllowed(route.Kind, m)));
            return HttpMethods.IsOptions(context.Request.Method) ? null : NotAllowed(context, route.Kind, reads);
        }

        switch (route.Kind)
        {
            case RouteKind.None:
                return context.Request.Path == "/" && reads
                    ? null
                    : new RegistryError(ErrorCode.NotFound, $"{context.Request.Path} is no endpoint of a registry");

            case RouteKind.Base:
                return await WriteEmptyObjectAsync(context);

            case RouteKind.Catalog:
                return target.Given is { } host ? NoCatalog(host) : await lists.CatalogAsync(context);
        }

        Endpoint endpoint = FindEndpoint(route.Kind, context.Request.Method)!;

        ClientName asked = mirrors.Read(target.Given, route.Name);
        if (!asked.TryMap(out RepositoryName name) && !asked.IsCanary)
        {
            return InvalidName(asked);
        }

        if (asked.Host is { } mirrored)
        {
            Remember(context, mirrored, reads && route.Kind is RouteKind.Manifest or RouteKind.Blob);
        }

        if (asked.IsCanary)
        {
            return await canary.HandleAsync(context, target);
        }

        return mirrors.Serves(name) ? await endpoint(new RegistryRequest(context, name, target)) : NotServed(name, reads);
    }

    private void Remember(HttpContext context, MirroredHost host, bool isPull)
    {
        // The access log reads it.
        context.Features.Set(host);
        if (isPull)
        {
            record.Add(host);
        }
    }

    private Endpoint? FindEndpoint(RouteKind kind, string method) => (kind, method) switch
    {
        (RouteKind.Blob, "GET" or "HEAD") => blobs.GetAsync,
        (RouteKind.Manifest, "GET" or "HEAD") => manifests.GetAsync,
        (RouteKind.Blob, "DELETE") => deletes.BlobAsync,
        (RouteKind.Manifest, "PUT") => push.PutAsync,
        (RouteKind.Manifest, "DELETE") => deletes.ManifestAsync,
        (RouteKind.Tags, "GET" or "HEAD") => lists.TagsAsync,
        (RouteKind.Referrers, "GET" or "HEAD") => referrers.GetAsync,
        (RouteKind.Uploads, "POST") => uploads.BeginAsync,
        (RouteKind.Upload, "GET" or "HEAD") => uploads.StatusAsync,
        (RouteKind.Upload, "PATCH") => uploads.AppendAsync,
        (RouteKind.Upload, "PUT") => uploads.CloseAsync,
        (RouteKind.Upload, "DELETE") => uploads.CancelAsync,
        _ => null,
    };

    private static RegistryError InvalidName(ClientName asked) => asked.Host is { Prefix.Length: > 0 } host
        ? new(ErrorCode.NameInvalid, $"\"{asked}\" is not a repository's name, or has more than {RepositoryName.MaximumLength} characters with {host.Prefix}/ before it in the bucket")
        : new(ErrorCode.NameInvalid, $"\"{asked}\" is not a repository's name: {RepositoryName.Grammar}");

    private static RegistryError NotServed(RepositoryName name, bool reads) => new(
        reads ? ErrorCode.NameUnknown : ErrorCode.Denied, $"{name} is not among the repositories that this registry serves");

    private static RegistryError NoCatalog(MirroredHost host) =>
        new(ErrorCode.NotFound, $"there is no catalog of {host.Host}: the registry has one of its own bucket, which is asked for without a host");

    private bool IsAllowed(RouteKind kind, string method) => kind is RouteKind.Base or RouteKind.Catalog
        ? IsRead(method)
        : FindEndpoint(kind, method) is not null && (IsRead(method) || !configuration.Storage.ReadOnly) && !IsDisabledDeletion(kind, method);

    private bool IsDisabledDeletion(RouteKind kind, string method) =>
        !configuration.Storage.DeleteEnabled && HttpMethods.IsDelete(method) && kind is RouteKind.Manifest or RouteKind.Blob;

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private RegistryError NotAllowed(HttpContext context, RouteKind kind, bool reads)
    {
        string method = context.Request.Method;
        return FindEndpoint(kind, method) is null ? new(ErrorCode.Unsupported, $"{method} is not supported on {context.Request.Path}")
            : configuration.Storage.ReadOnly && !reads ? ReadOnlyError
            : DeleteDisabledError;
    }

    private static async Task<RegistryError?> WriteEmptyObjectAsync(HttpContext context)
    {
        await JsonBody.SendAsync(context.Response, _ => { }, context.RequestAborted);
        return null;
    }
}
