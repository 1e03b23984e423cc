using System.Net.Http.Headers;
using System.Text.Json;
using LocalRegistry.Registry.Tests;

namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>A client that tries everything once, checks what it gets, and tells how far it came.</summary>
internal sealed class FaultClient(Uri registry) : IDisposable
{
    public const string Name = "team/app";

    /// <summary>Much longer than anything may take, so that what hangs is told from what is slow.</summary>
    private static readonly TimeSpan Hangs = TimeSpan.FromSeconds(100);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = registry, Timeout = Hangs };

    /// <summary>Pushes blobs, then the manifest by its tag.</summary>
    public async Task<Progress> PushAsync(FaultImage image, string tag, CancellationToken cancellationToken)
    {
        foreach (byte[] blob in image.Blobs)
        {
            if (await PushBlobAsync(blob, image.InChunks, cancellationToken) is { IsDone: false } stopped)
            {
                return stopped;
            }
        }

        return image.HasManifest
            ? await SendAsync(HttpMethod.Put, $"/v2/{Name}/manifests/{tag}", image.Manifest, null, cancellationToken)
            : Progress.Done;
    }

    /// <summary>Asks for the tag, then for the manifest and the blobs, each by its digest.</summary>
    public async Task<Progress> PullAsync(FaultImage image, string tag, CancellationToken cancellationToken)
    {
        var asked = new List<(HttpMethod, string, byte[]?)>();
        if (image.HasManifest)
        {
            asked.Add((HttpMethod.Head, $"manifests/{tag}", null));
            asked.Add((HttpMethod.Get, $"manifests/{tag}", image.Manifest));
            asked.Add((HttpMethod.Get, $"manifests/{TestContent.Sha256(image.Manifest)}", image.Manifest));
        }

        asked.AddRange(image.Blobs.Select(b => (HttpMethod.Get, $"blobs/{TestContent.Sha256(b)}", (byte[]?)b)));
        foreach ((HttpMethod method, string path, byte[]? expected) in asked)
        {
            if (await SendAsync(method, $"/v2/{Name}/{path}", null, expected, cancellationToken) is { IsDone: false } stopped)
            {
                return stopped;
            }
        }

        return Progress.Done;
    }

    public async Task<Progress> PushBlobAsync(byte[] blob, bool inChunks, CancellationToken cancellationToken)
    {
        (Progress begun, Uri? upload) = await LocateAsync(HttpMethod.Post, new Uri($"/v2/{Name}/blobs/uploads/", UriKind.Relative), null, cancellationToken);
        if (begun.IsDone && inChunks)
        {
            (begun, upload) = await LocateAsync(HttpMethod.Patch, upload!, blob, cancellationToken);
        }

        if (!begun.IsDone)
        {
            return begun;
        }

        string separator = upload!.ToString().Contains('?') ? "&" : "?";
        return await SendAsync(HttpMethod.Put, $"{upload}{separator}digest={TestContent.Sha256(blob)}", inChunks ? [] : blob, null, cancellationToken);
    }

    /// <summary>Sends one request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path and query.</param>
    /// <param name="body">The request's body; null for none.</param>
    /// <param name="expected">The bytes that a success must bring; null for whatever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Progress> SendAsync(HttpMethod method, string path, byte[]? body, byte[]? expected, CancellationToken cancellationToken)
    {
        string what = $"{method} {path.Split('?')[0]}";
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        if (path.Contains("/manifests/", StringComparison.Ordinal) && request.Content is not null)
        {
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(FaultImage.MediaType);
        }

        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            return new Progress(what, 0, $"no answer: {e.Message}", IsProper: false);
        }

        using (response)
        {
            byte[] content;
            try
            {
                content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            }
            catch (HttpRequestException)
            {
                return new Progress(what, (int)response.StatusCode, "cut", IsProper: response.IsSuccessStatusCode && method == HttpMethod.Get);
            }

            return response.IsSuccessStatusCode
                ? expected is null || content.AsSpan().SequenceEqual(expected) ? Progress.Done : new Progress(what, (int)response.StatusCode, "wrong bytes, whole", IsProper: false)
                : Failed(what, method, response, content);
        }
    }

    public void Dispose() => _client.Dispose();

    private static Progress Failed(string what, HttpMethod method, HttpResponseMessage response, byte[] content)
    {
        int status = (int)response.StatusCode;
        if (response.Headers.ETag is not null || response.Headers.CacheControl is not null || response.Headers.Contains("Docker-Content-Digest"))
        {
            return new Progress(what, status, $"an error with headers of content: {response.Headers}", IsProper: false);
        }

        if (status == 503 && response.Headers.RetryAfter is null)
        {
            return new Progress(what, status, "no Retry-After", IsProper: false);
        }

        if (method == HttpMethod.Head)
        {
            return new Progress(what, status, "", IsProper: true);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            JsonElement error = document.RootElement.GetProperty("errors")[0];
            return new Progress(what, status, $"{error.GetProperty("code")}: {error.GetProperty("message")}", IsProper: true);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            return new Progress(what, status, $"no error in OCI's form: {e.Message}", IsProper: false);
        }
    }

    private async Task<(Progress Progress, Uri? Location)> LocateAsync(HttpMethod method, Uri url, byte[]? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : new ByteArrayContent(body) };
        string what = $"{method} upload";
        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? (Progress.Done, response.Headers.Location)
                : (Failed(what, method, response, await response.Content.ReadAsByteArrayAsync(cancellationToken)), null);
        }
        catch (HttpRequestException e)
        {
            return (new Progress(what, 0, $"no answer: {e.Message}", IsProper: false), null);
        }
    }
}
