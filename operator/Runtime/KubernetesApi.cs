using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace LocalRegistry.Operator.Runtime;

/// <summary>
/// The calls that the operator makes, the same for every kind. The client library's own groups have no common shape, and its generic client
/// cannot resume a watch; connection, TLS and tokens are the library's.
/// </summary>
/// <exception cref="KubernetesException">Any method: the API server refused; <see cref="V1Status"/> says why.</exception>
internal sealed partial class KubernetesApi(Kubernetes client, ILogger<KubernetesApi> logger)
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Lists one page.</summary>
    public async Task<ResourcePage<T>> ListAsync<T>(
        string? space, string? labelSelector, int limit, string? continueToken, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        string query = $"?limit={limit}{Parameter("labelSelector", labelSelector)}{Parameter("continue", continueToken)}";
        using JsonDocument list = await CallAsync(HttpMethod.Get, ResourcePath.OfList<T>(space) + query, null, null, cancel);
        var meta = KubernetesJson.Deserialize<V1ListMeta>(list.RootElement.GetProperty("metadata"));
        var items = new List<T>();
        foreach (JsonElement item in list.RootElement.GetProperty("items").EnumerateArray())
        {
            if (Read<T>(item) is { } resource)
            {
                // The items of a list carry neither apiVersion nor kind.
                items.Add(ResourcePath.Identify(resource));
            }
        }

        return new ResourcePage<T>(items, meta.ResourceVersion, string.IsNullOrEmpty(meta.ContinueProperty) ? null : meta.ContinueProperty);
    }

    /// <summary>Watches from a resource version on, until the server ends the watch at the timeout.</summary>
    public async IAsyncEnumerable<ResourceEvent<T>> WatchAsync<T>(
        string? space, string? labelSelector, string resourceVersion, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        string query = $"?watch=true&allowWatchBookmarks=true&resourceVersion={resourceVersion}&timeoutSeconds={(int)timeout.TotalSeconds}"
            + Parameter("labelSelector", labelSelector);
        using HttpRequestMessage request = Request(HttpMethod.Get, ResourcePath.OfList<T>(space) + query, null, null);
        using HttpResponseMessage response = await SendAsync(request, cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement resource = document.RootElement.GetProperty("object");
            var type = Enum.Parse<WatchEventType>(document.RootElement.GetProperty("type").GetString()!, ignoreCase: true);
            if (type == WatchEventType.Error)
            {
                throw new KubernetesException(KubernetesJson.Deserialize<V1Status>(resource));
            }

            if (Read<T>(resource) is { } changed)
            {
                yield return new ResourceEvent<T>(type, changed);
            }
        }
    }

    /// <summary>Reads one object; null if it does not exist.</summary>
    public async Task<T?> GetAsync<T>(ResourceKey key, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return await CallAsync<T>(HttpMethod.Get, ResourcePath.Of<T>(key), null, null, cancel);
        }
        catch (KubernetesException e) when (e.Status?.Code == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Creates an object; null if one of that name exists.</summary>
    public async Task<T?> CreateAsync<T>(T resource, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            string path = ResourcePath.OfList<T>(resource.Namespace());
            return await CallAsync<T>(HttpMethod.Post, path, "application/json", ResourcePath.Identify(resource), cancel);
        }
        catch (KubernetesException e) when (e.Status is { Code: (int)HttpStatusCode.Conflict, Reason: "AlreadyExists" })
        {
            return null;
        }
    }

    /// <summary>Applies an object's fields as one field manager, taking them over where another holds them.</summary>
    /// <param name="resource">Only the fields to be held.</param>
    /// <param name="fieldManager">Who holds them.</param>
    /// <param name="subresource">For example <c>status</c>; null for the object itself.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<T> ApplyAsync<T>(T resource, string fieldManager, string? subresource, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        string path = ResourcePath.Of<T>(ResourceKey.Of(resource)) + (subresource is null ? "" : $"/{subresource}");
        string query = $"?force=true{Parameter("fieldManager", fieldManager)}";
        return CallAsync<T>(HttpMethod.Patch, path + query, "application/apply-patch+yaml", ResourcePath.Identify(resource), cancel);
    }

    /// <summary>Merges fields into an object.</summary>
    public Task<T> MergeAsync<T>(ResourceKey key, object patch, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CallAsync<T>(HttpMethod.Patch, ResourcePath.Of<T>(key), "application/merge-patch+json", patch, cancel);

    /// <summary>Deletes an object and, in the background, what it owns. An object that is gone already, or has another uid by now, is left alone.</summary>
    public async Task DeleteAsync<T>(T resource, CancellationToken cancel)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            var options = new V1DeleteOptions
            {
                ApiVersion = "v1",
                Kind = "DeleteOptions",
                PropagationPolicy = "Background",
                Preconditions = new V1Preconditions { Uid = resource.Uid() },
            };
            using JsonDocument answer = await CallAsync(
                HttpMethod.Delete, ResourcePath.Of<T>(ResourceKey.Of(resource)), "application/json", options, cancel);
        }
        catch (KubernetesException e) when (e.Status?.Code is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Conflict)
        {
            // Gone, or replaced by a namesake: either way the object that was meant does not exist any more.
        }
    }

    /// <summary>Lists the warnings that the cluster recorded about an object, in no order.</summary>
    public async Task<IReadOnlyList<Corev1Event>> ListWarningsAsync(string space, string uid, CancellationToken cancel)
    {
        string query = $"?limit=50{Parameter("fieldSelector", $"involvedObject.uid={uid},type=Warning")}";
        using JsonDocument list = await CallAsync(HttpMethod.Get, ResourcePath.OfList<Corev1Event>(space) + query, null, null, cancel);
        return [.. KubernetesJson.Deserialize<Corev1EventList>(list).Items];
    }

    private async Task<T> CallAsync<T>(HttpMethod method, string path, string? mediaType, object? body, CancellationToken cancel)
    {
        using JsonDocument answer = await CallAsync(method, path, mediaType, body, cancel);
        return KubernetesJson.Deserialize<T>(answer);
    }

    private async Task<JsonDocument> CallAsync(HttpMethod method, string path, string? mediaType, object? body, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(CallTimeout);
        try
        {
            using HttpRequestMessage request = Request(method, path, mediaType, body);
            using HttpResponseMessage response = await SendAsync(request, deadline.Token);
            await using Stream content = await response.Content.ReadAsStreamAsync(deadline.Token);
            return await JsonDocument.ParseAsync(content, cancellationToken: deadline.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"the API server did not answer {method} {path} within {CallTimeout.TotalSeconds:0} s");
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, string? mediaType, object? body)
    {
        var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path)) { Version = HttpVersion.Version20 };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
        {
            request.Content = new StringContent(KubernetesJson.Serialize(body), Encoding.UTF8, mediaType!);
            // The API server refuses the patch types with a charset.
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType!);
        }

        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancel);
        }

        HttpResponseMessage response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new KubernetesException(Failure(response, await response.Content.ReadAsStringAsync(cancel)));
        }
    }

    // One object that cannot be read must not keep the operator from all the others.
    private T? Read<T>(JsonElement json)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return KubernetesJson.Deserialize<T>(json);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            JsonElement name = json.GetProperty("metadata").TryGetProperty("name", out JsonElement value) ? value : default;
            Log.Unreadable(logger, ResourcePath.NameOf<T>(), name.ToString(), e);
            return null;
        }
    }

    private static V1Status Failure(HttpResponseMessage response, string body)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            return KubernetesJson.Deserialize<V1Status>(body);
        }

        return new V1Status { Code = (int)response.StatusCode, Reason = response.ReasonPhrase, Message = $"{(int)response.StatusCode}: {body}" };
    }

    private static string Parameter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
