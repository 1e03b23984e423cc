using System.Net;
using LocalRegistry.Registry.Tests;
using LocalRegistry.Registry.Tests.Http;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Storage;

/// <summary>Processes that share a bucket and <c>http.secret</c>, of which one is killed.</summary>
public sealed class KilledRegistryTests(S3Fixture s3)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1000)]
    [InlineData(12 * 1024 * 1024)]
    public async Task Upload_goes_on_at_another_process_when_the_one_that_took_it_so_far_was_killed(int size)
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        byte[] blob = TestContent.Bytes(2 * size);
        string digest = TestContent.Sha256(blob);
        await using RegistryProcess second = await StartAsync(bucket);
        RegistryProcess first = await StartAsync(bucket);
        using var client = new HttpClient();
        string path;
        await using (first)
        {
            using HttpResponseMessage begun = await client.PostAsync(new Uri($"http://{first.Address}/v2/app/blobs/uploads/"), null, Token);
            path = begun.Headers.Location!.PathAndQuery;
            using HttpResponseMessage patched = await PatchAsync(client, first, path, blob[..size]);
            Assert.Equal(HttpStatusCode.Accepted, patched.StatusCode);

            // In the middle of the next chunk, of which nothing is kept.
            using RawConnection half = await RawConnection.OpenAsync(new Uri($"http://{first.Address}"));
            await half.SendHeadAsync($"PATCH {path}", $"Content-Length: {size}");
            await half.SendAsync(blob.AsMemory(size, size / 2));
            await Eventually.HoldsAsync(
                async () =>
                {
                    using HttpResponseMessage status = await client.GetAsync(new Uri($"http://{first.Address}{path}"), Token);
                    return status.Header("Range") == $"0-{size + (size / 2) - 1}";
                },
                "half of the chunk has arrived");
        }

        // Disposing has killed it.

        using HttpResponseMessage status = await client.GetAsync(new Uri($"http://{second.Address}{path}"), Token);
        using HttpResponseMessage resumed = await PatchAsync(client, second, path, blob[size..]);
        using var nothing = new ByteArrayContent([]);
        using HttpResponseMessage closed = await client.PutAsync(new Uri($"http://{second.Address}{path}&digest={digest}"), nothing, Token);

        Assert.Equal((HttpStatusCode.NoContent, $"0-{size - 1}"), (status.StatusCode, status.Header("Range")));
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Created), (resumed.StatusCode, closed.StatusCode));
        byte[] read = await client.GetByteArrayAsync(new Uri($"http://{second.Address}/v2/app/blobs/{digest}"), Token);
        Assert.Equal(digest, TestContent.Sha256(read));
        Assert.DoesNotContain(await s3.KeysAsync(bucket), k => k.Contains("_uploads", StringComparison.Ordinal));
    }

    private static Task<HttpResponseMessage> PatchAsync(HttpClient client, RegistryProcess registry, string path, byte[] content) =>
        client.PatchAsync(new Uri($"http://{registry.Address}{path}"), new ByteArrayContent(content), Token);

    private Task<RegistryProcess> StartAsync(string bucket) => RegistryProcess.StartAsync(
        new RegistryFiles(RegistryFiles.DockerConfig(s3.Server, bucket), S3Server.CredentialsFile),
        [new("REGISTRY_HTTP_SECRET", "shared by both")]);
}
