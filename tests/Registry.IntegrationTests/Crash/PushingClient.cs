using System.Net;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Tests;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Crash;

/// <summary>A client that pushes one image after the other by one tag, and writes down what it was told to have been taken.</summary>
/// <param name="name">The repository.</param>
/// <param name="tag">The tag.</param>
/// <param name="random">Decides on sizes and on the way that blobs are sent.</param>
internal sealed class PushingClient(string name, string tag, Random random)
{
    private const int LargestBlob = 200_000;

    // More than one part of a multipart upload.
    private const int MultipartBlob = 6 * 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The tag.</summary>
    public string Tag => tag;

    /// <summary>The blobs that were taken since the client was last asked to begin, by their digests.</summary>
    public Dictionary<string, byte[]> Blobs { get; } = [];

    /// <summary>The manifest that was taken last; null if none was.</summary>
    public byte[]? Taken { get; private set; }

    /// <summary>The image whose push is not ended, or was cut; null if there is none.</summary>
    public (byte[] Blob, byte[] Manifest)? Pending { get; private set; }

    /// <summary>Pushes until the registry is gone.</summary>
    /// <param name="client">A client of the registry.</param>
    /// <param name="beforeRequest">Is called before each request.</param>
    public async Task PushAsync(HttpClient client, Action beforeRequest)
    {
        Blobs.Clear();
        try
        {
            while (true)
            {
                byte[] blob = TestContent.Bytes(random.Next(20) == 0 ? MultipartBlob : random.Next(1, LargestBlob), random.Next());
                byte[] manifest = TestContent.Manifest(MediaTypes.OciManifest, blob, tag);
                Pending = (blob, manifest);
                await PushAsync(client, blob, manifest, random.Next(3), beforeRequest);
            }
        }
        catch (HttpRequestException)
        {
            // It was killed.
        }
    }

    /// <summary>Pushes again what was cut.</summary>
    public async Task RepeatAsync(HttpClient client)
    {
        if (Pending is { } pending)
        {
            await PushAsync(client, pending.Blob, pending.Manifest, random.Next(3), () => { });
        }
    }

    private async Task PushAsync(HttpClient client, byte[] blob, byte[] manifest, int way, Action beforeRequest)
    {
        string digest = TestContent.Sha256(blob);
        string uploads = $"/v2/{name}/blobs/uploads/";
        if (way == 0)
        {
            await SendAsync(HttpMethod.Post, $"{uploads}?digest={digest}", blob, HttpStatusCode.Created);
        }
        else
        {
            Uri upload = await SendAsync(HttpMethod.Post, uploads, [], HttpStatusCode.Accepted);
            byte[] last = blob;
            if (way == 1)
            {
                int middle = blob.Length / 2;
                upload = await SendAsync(HttpMethod.Patch, upload.ToString(), blob[..middle], HttpStatusCode.Accepted);
                last = blob[middle..];
            }

            await SendAsync(HttpMethod.Put, $"{upload}{(upload.Query.Length == 0 ? '?' : '&')}digest={digest}", last, HttpStatusCode.Created);
        }

        Blobs[digest] = blob;
        await SendAsync(HttpMethod.Put, $"/v2/{name}/manifests/{tag}", manifest, HttpStatusCode.Created);
        (Taken, Pending) = (manifest, null);

        async Task<Uri> SendAsync(HttpMethod method, string path, byte[] body, HttpStatusCode expected)
        {
            beforeRequest();
            using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", path.Contains("/manifests/", StringComparison.Ordinal) ? MediaTypes.OciManifest : "application/octet-stream");
            using HttpResponseMessage response = await client.SendAsync(request, Token);
            Assert.Equal(expected, response.StatusCode);
            return response.Headers.Location!;
        }
    }
}
