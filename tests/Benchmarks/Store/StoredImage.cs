using System.Net;
using System.Security.Cryptography;
using System.Text;
using LocalRegistry.Benchmarks.Clients;

namespace LocalRegistry.Benchmarks.Store;

/// <summary>An image in the bucket that clients are to pull.</summary>
/// <param name="Repository">Its repository.</param>
/// <param name="Tag">Its tag.</param>
/// <param name="Digest">The digest of its manifest.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Layers">Its layers.</param>
internal sealed record StoredImage(string Repository, string Tag, string Digest, TestBlob Config, IReadOnlyList<TestBlob> Layers)
{
    private const int ConfigSize = 2_000;

    /// <summary>All its blobs.</summary>
    public IEnumerable<TestBlob> Blobs => [Config, .. Layers];

    /// <summary>The bytes of all its blobs.</summary>
    public long Size => Blobs.Sum(b => b.Size);

    /// <summary>The path of its manifest by tag.</summary>
    public string TagPath => $"/v2/{Repository}/manifests/{Tag}";

    /// <summary>The path of its manifest by digest.</summary>
    public string DigestPath => $"/v2/{Repository}/manifests/{Digest}";

    /// <summary>The path of one of its blobs.</summary>
    public string BlobPath(TestBlob blob) => $"/v2/{Repository}/blobs/{blob.Digest}";

    /// <summary>Writes an image straight into the bucket.</summary>
    /// <param name="s3">Where S3 listens.</param>
    /// <param name="root">The root directory in the bucket.</param>
    /// <param name="repository">Its repository.</param>
    /// <param name="layers">Its layers.</param>
    public static StoredImage Write(IPEndPoint s3, string root, string repository, IReadOnlyList<TestBlob> layers)
    {
        const string tag = "latest";
        TestBlob config = TestBlob.Create(ConfigSize, layers.Count);
        byte[] manifest = Manifest(config, layers);
        string digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(manifest))}";
        var image = new StoredImage(repository, tag, digest, config, layers);
        using var connection = new HttpConnection(s3);
        foreach (TestBlob blob in image.Blobs)
        {
            BenchStore.Put(connection, KeyNames.Blob(root, blob.Digest), blob.Size, blob.Write);
            BenchStore.Put(connection, KeyNames.LayerLink(root, repository, blob.Digest), Encoding.ASCII.GetBytes(blob.Digest));
        }

        byte[] link = Encoding.ASCII.GetBytes(digest);
        BenchStore.Put(connection, KeyNames.Blob(root, digest), manifest);
        BenchStore.Put(connection, KeyNames.RevisionLink(root, repository, digest), link);
        BenchStore.Put(connection, KeyNames.TagIndexLink(root, repository, tag, digest), link);
        BenchStore.Put(connection, KeyNames.TagLink(root, repository, tag), link);
        return image;
    }

    private static byte[] Manifest(TestBlob config, IReadOnlyList<TestBlob> layers)
    {
        const string oci = "application/vnd.oci.image";
        string all = string.Join(",", layers.Select(l => Descriptor($"{oci}.layer.v1.tar+gzip", l)));
        return Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{oci}}.manifest.v1+json","config":{{Descriptor($"{oci}.config.v1+json", config)}},"layers":[{{all}}]}""");
    }

    private static string Descriptor(string mediaType, TestBlob blob) =>
        FormattableString.Invariant($$"""{"mediaType":"{{mediaType}}","size":{{blob.Size}},"digest":"{{blob.Digest}}"}""");
}
