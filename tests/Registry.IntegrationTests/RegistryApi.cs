using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LocalRegistry.Registry.Tests;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests;

/// <summary>The registry's API as the specification has it, so that ours and Docker's are asked in the same words.</summary>
/// <param name="address">Host and port of a registry.</param>
internal sealed class RegistryApi(string address) : IDisposable
{
    private static readonly string[] ManifestTypes =
    [
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    ];

    private readonly HttpClient _client = new() { BaseAddress = new Uri($"http://{address}") };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The repositories in lexical order; Docker's registry walks folders instead.</summary>
    public async Task<IReadOnlyList<string>> RepositoriesAsync() =>
        [.. Strings(await JsonAsync("/v2/_catalog?n=1000"), "repositories").Order(StringComparer.Ordinal)];

    /// <summary>The tags of a repository; none if the registry knows no such repository.</summary>
    public async Task<IReadOnlyList<string>> TagsAsync(string name)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, $"/v2/{name}/tags/list");
        return answer.StatusCode == HttpStatusCode.NotFound ? [] : Strings(await ReadJsonAsync(answer), "tags");
    }

    /// <summary>The digests and artifact types of what refers to a manifest, in the order of the digests.</summary>
    public async Task<IReadOnlyList<(string Digest, string? ArtifactType)>> ReferrersAsync(string name, string subject)
    {
        JsonElement index = await JsonAsync($"/v2/{name}/referrers/{subject}");
        return [.. index.GetProperty("manifests").EnumerateArray().Select(d => (d.GetProperty("digest").GetString()!, d.GetProperty("artifactType").GetString()))];
    }

    /// <summary>Reads a manifest; fails unless it is there and has the digest that the registry says.</summary>
    public async Task<(string Digest, string MediaType, byte[] Content)> ManifestAsync(string name, string reference)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, $"/v2/{name}/manifests/{reference}");
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {name} {reference}: {answer.StatusCode}");
        byte[] content = await answer.Content.ReadAsByteArrayAsync(Token);
        string digest = answer.Headers.GetValues("Docker-Content-Digest").Single();
        Assert.Equal(digest, TestContent.Sha256(content));
        return (digest, answer.Content.Headers.ContentType!.MediaType!, content);
    }

    /// <summary>Reads a blob; fails unless it is there and has its digest.</summary>
    public async Task<byte[]> BlobAsync(string name, string digest)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, $"/v2/{name}/blobs/{digest}");
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {name} {digest}: {answer.StatusCode}");
        byte[] content = await answer.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal(digest, TestContent.Sha256(content));
        return content;
    }

    /// <summary>The status of a request without a body.</summary>
    public async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path)
    {
        using HttpResponseMessage answer = await SendAsync(method, path);
        return answer.StatusCode;
    }

    /// <summary>Pushes a blob and gives its digest.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="content">The blob.</param>
    /// <param name="chunk">The bytes of a PATCH; 0 for all in the PUT.</param>
    public async Task<string> PushBlobAsync(string name, byte[] content, int chunk = 0)
    {
        using HttpResponseMessage begun = await SendAsync(HttpMethod.Post, $"/v2/{name}/blobs/uploads/");
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        Uri location = begun.Headers.Location!;
        int sent = 0;
        while (chunk > 0 && sent < content.Length)
        {
            byte[] part = content[sent..Math.Min(sent + chunk, content.Length)];
            using HttpResponseMessage taken = await SendAsync(HttpMethod.Patch, location, part, ("Content-Range", $"{sent}-{sent + part.Length - 1}"));
            Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
            location = taken.Headers.Location!;
            sent += part.Length;
        }

        string digest = TestContent.Sha256(content);
        var last = new Uri(_client.BaseAddress!, location);
        using HttpResponseMessage done = await SendAsync(
            HttpMethod.Put, new Uri(last, $"{last.Query}{(last.Query.Length == 0 ? '?' : '&')}digest={Uri.EscapeDataString(digest)}"), content[sent..]);
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
        return digest;
    }

    /// <summary>Makes a blob of one repository readable through another.</summary>
    public async Task MountAsync(string name, string digest, string from) =>
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(HttpMethod.Post, $"/v2/{name}/blobs/uploads/?mount={digest}&from={from}"));

    /// <summary>Pushes a manifest and gives its digest.</summary>
    public async Task<string> PushManifestAsync(string name, string reference, byte[] content)
    {
        using JsonDocument document = JsonDocument.Parse(content);
        string mediaType = document.RootElement.GetProperty("mediaType").GetString()!;
        using HttpResponseMessage answer = await SendAsync(
            HttpMethod.Put, new Uri($"/v2/{name}/manifests/{reference}", UriKind.Relative), content, ("Content-Type", mediaType));
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(Token)}");
        return answer.Headers.GetValues("Docker-Content-Digest").Single();
    }

    public void Dispose() => _client.Dispose();

    private static string[] Strings(JsonElement answer, string property) =>
        answer.GetProperty(property) is { ValueKind: JsonValueKind.Array } values ? [.. values.EnumerateArray().Select(v => v.GetString()!)] : [];

    private static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage answer)
    {
        string text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, string.Create(CultureInfo.InvariantCulture, $"{answer.RequestMessage!.RequestUri}: {answer.StatusCode} {text}"));
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private async Task<JsonElement> JsonAsync(string path)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, path);
        return await ReadJsonAsync(answer);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) => SendAsync(method, new Uri(path, UriKind.Relative), null);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, byte[]? body, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : new ByteArrayContent(body) };
        foreach (string type in ManifestTypes)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }

        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Content!.Headers.TryAddWithoutValidation(name, value));
        }

        return await _client.SendAsync(request, Token);
    }
}
