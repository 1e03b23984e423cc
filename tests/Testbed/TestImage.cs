using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalRegistry.Testbed;

/// <summary>A small image that really runs, made of this machine's busybox without pulling anything, as an OCI layout folder.</summary>
/// <param name="Folder">The layout's folder.</param>
/// <param name="Digest">The digest of the image's manifest.</param>
/// <param name="LayerDigests">The digests of its compressed layers, the lowest first.</param>
public sealed record TestImage(string Folder, string Digest, IReadOnlyList<string> LayerDigests)
{
    private const string Oci = "application/vnd.oci.image";

    /// <summary>The image in the notation of skopeo.</summary>
    public string Reference => $"oci:{Folder}:latest";

    /// <summary>Makes an image in a folder that does not exist yet.</summary>
    public static async Task<TestImage> CreateAsync(string folder, TestImageOptions options, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        var layers = new List<Layer> { await AddLayerAsync(folder, "bin/busybox", await File.ReadAllBytesAsync("/bin/busybox", ct), ct) };
        for (var i = 0; i < options.RandomLayers; i++)
        {
            layers.Add(await AddLayerAsync(folder, $"random-{i}", RandomNumberGenerator.GetBytes(options.RandomLayerBytes), ct));
        }

        var config = await AddJsonAsync(folder, $"{Oci}.config.v1+json", new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Entrypoint"] = Strings(options.Command) },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = Strings(layers.Select(layer => layer.DiffId)) },
        }, ct);
        var manifest = await AddJsonAsync(folder, $"{Oci}.manifest.v1+json", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = $"{Oci}.manifest.v1+json",
            ["config"] = config,
            ["layers"] = new JsonArray([.. layers.Select(layer => layer.Descriptor)]),
        }, ct);
        var digest = (string)manifest["digest"]!;
        manifest["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = "latest" };
        await File.WriteAllTextAsync(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""", ct);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "index.json"), new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(manifest) }.ToJsonString(), ct);
        return new TestImage(folder, digest, [.. layers.Select(layer => layer.Digest)]);
    }

    private static async Task<Layer> AddLayerAsync(string folder, string path, byte[] content, CancellationToken ct)
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            var entry = new UstarTarEntry(TarEntryType.RegularFile, path)
            {
                DataStream = new MemoryStream(content),
                Mode = (UnixFileMode)Convert.ToInt32("755", 8),
                ModificationTime = DateTimeOffset.UnixEpoch,
            };
            await writer.WriteEntryAsync(entry, ct);
        }

        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(tar.ToArray(), ct);
        }

        var descriptor = await AddBlobAsync(folder, $"{Oci}.layer.v1.tar+gzip", compressed.ToArray(), ct);
        return new Layer(descriptor, DigestOf(tar.ToArray()));
    }

    private static Task<JsonObject> AddJsonAsync(string folder, string mediaType, JsonObject content, CancellationToken ct) =>
        AddBlobAsync(folder, mediaType, JsonSerializer.SerializeToUtf8Bytes(content), ct);

    private static async Task<JsonObject> AddBlobAsync(string folder, string mediaType, byte[] content, CancellationToken ct)
    {
        var digest = DigestOf(content);
        await File.WriteAllBytesAsync(Path.Combine(folder, "blobs", digest.Replace(':', '/')), content, ct);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = content.Length };
    }

    private static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private sealed record Layer(JsonObject Descriptor, string DiffId)
    {
        public string Digest => (string)Descriptor["digest"]!;
    }
}
