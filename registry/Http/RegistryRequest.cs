using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Http;

/// <summary>A request whose repository has been read.</summary>
/// <param name="Context">The request and its response.</param>
/// <param name="Name">The repository as the bucket has it.</param>
/// <param name="Target">What is asked for, with the repository as the client has it.</param>
internal readonly record struct RegistryRequest(HttpContext Context, RepositoryName Name, RequestTarget Target)
{
    /// <summary>The reference, digest or upload id as the path gives it.</summary>
    public string Argument => Target.Route.Argument;

    public HttpRequest Request => Context.Request;

    public HttpResponse Response => Context.Response;

    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>A value of the query; null if it is absent.</summary>
    public string? Query(string key) => Request.Query.TryGetValue(key, out Microsoft.Extensions.Primitives.StringValues values) ? values[0] : null;
}
