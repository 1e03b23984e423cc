using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Benchmarks.Clients;
using LocalRegistry.Testbed;

namespace LocalRegistry.Benchmarks.Store;

/// <summary>
/// The bucket that all candidates share, on a real S3. It takes requests without a signature too, so that what scenarios need is put into it,
/// and S3 itself is measured, by the same cheap clients.
/// </summary>
internal sealed class BenchStore : IAsyncDisposable
{
    public const string Bucket = "benchmark";

    // Enough for what a scenario pushes, twice, beside what is there to be read.
    private const long Memory = 14L * 1024 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly S3Server _server;
    private readonly AmazonS3Client _client;

    private BenchStore(S3Server server)
    {
        _server = server;
        _client = server.CreateClient();
        Target = new IPEndPoint(IPAddress.Parse(server.Endpoint.Host), server.Endpoint.Port);
    }

    /// <summary>Where S3 listens.</summary>
    public IPEndPoint Target { get; }

    /// <summary>Starts an S3 of its own with an empty bucket. Its contents are not encrypted: registries are measured, not this S3's cipher.</summary>
    public static async Task<BenchStore> StartAsync(CancellationToken ct)
    {
        S3Server server = await S3Server.StartAsync(Console.Error.WriteLine, ct, Memory);
        var store = new BenchStore(server);
        try
        {
            await server.CreateBucketAsync(Bucket, encrypted: false, ct);
            await store._client.PutBucketPolicyAsync(Bucket, $$"""
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*",
                 "Resource": ["arn:aws:s3:::{{Bucket}}", "arn:aws:s3:::{{Bucket}}/*"]}]}
                """, ct);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes an object.</summary>
    public static void Put(HttpConnection s3, string key, long length, Action<WriteBlock> content)
    {
        byte[] put = HttpRequest.Put(s3.Server, PathOf(key), length);
        s3.Send(put);
        content(s3.Send);
        Load.Check(s3.Read(), put);
    }

    /// <summary>Writes a small object.</summary>
    public static void Put(HttpConnection s3, string key, byte[] content) => Put(s3, key, content.Length, write => write(content));

    /// <summary>An object's path in a URL.</summary>
    public static string PathOf(string key) => $"/{Bucket}/{key}";

    /// <summary>Removes what lies under a folder, and lets S3 give the memory free.</summary>
    public async Task RemoveAsync(string folder, CancellationToken ct)
    {
        var request = new ListObjectsV2Request { BucketName = Bucket, Prefix = $"{folder}/" };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request, ct);
            string[] keys = [.. (page.S3Objects ?? []).Select(o => o.Key)];
            Delete(keys);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);

        await CollectAsync(ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    private void Delete(string[] keys)
    {
        int clients = Math.Min(8, keys.Length);
        if (clients > 0)
        {
            Load.Run(Target, clients, (client, n) => client + (n * clients) is var i && i < keys.Length ? HttpRequest.Delete(Target, PathOf(keys[i])) : null, Patience);
        }
    }

    // What is deleted takes memory until S3's own garbage collection comes to it.
    private async Task CollectAsync(CancellationToken ct) => await _server.AdminAsync(["gc", "process", "--include-all"], ct);
}
