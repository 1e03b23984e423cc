using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests;

/// <summary>Images to push, made on this machine, and what comes back of them.</summary>
internal sealed class TestImages : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("image-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An image of several layers.</summary>
    public Task<TestImage> CreateAsync(int layers = 3, int layerBytes = 200_000) => TestImage.CreateAsync(
        NewFolder(), new TestImageOptions { RandomLayers = layers, RandomLayerBytes = layerBytes }, Token);

    /// <summary>An index of two images, in the notation of skopeo, and its digest.</summary>
    public async Task<(string Reference, string Digest, IReadOnlyList<string> Manifests)> CreateIndexAsync()
    {
        TestImage[] images = [await CreateAsync(), await CreateAsync()];
        string folder = NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        var manifests = new JsonArray();
        foreach ((TestImage image, string architecture) in images.Zip(["amd64", "arm64"]))
        {
            foreach (string blob in Directory.EnumerateFiles(Path.Combine(image.Folder, "blobs", "sha256")))
            {
                File.Copy(blob, Path.Combine(folder, "blobs", "sha256", Path.GetFileName(blob)), overwrite: true);
            }

            manifests.Add(new JsonObject
            {
                ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
                ["digest"] = image.Digest,
                ["size"] = new FileInfo(PathOf(image.Folder, image.Digest)).Length,
                ["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" },
            });
        }

        const string IndexType = "application/vnd.oci.image.index.v1+json";
        string index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = manifests }.ToJsonString();
        string digest = Registry.Tests.TestContent.Sha256(System.Text.Encoding.UTF8.GetBytes(index));
        await File.WriteAllTextAsync(PathOf(folder, digest), index, Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""", Token);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "index.json"),
            $$$"""
            {"schemaVersion":2,"manifests":[{"mediaType":"{{{IndexType}}}","digest":"{{{digest}}}","size":{{{index.Length}}},
             "annotations":{"org.opencontainers.image.ref.name":"latest"}}]}
            """,
            Token);
        return ($"oci:{folder}:latest", digest, [.. images.Select(i => i.Digest)]);
    }

    /// <summary>A folder that does not exist yet.</summary>
    public string NewFolder() => Path.Combine(_folder, Guid.NewGuid().ToString("N"));

    /// <summary>Fails unless every file of a layout's blobs has the digest of its name; gives the names.</summary>
    public static IReadOnlyList<string> DigestsIn(string layout)
    {
        var digests = new List<string>();
        foreach (string blob in Directory.EnumerateFiles(Path.Combine(layout, "blobs", "sha256")))
        {
            Assert.Equal(Path.GetFileName(blob), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(blob))));
            digests.Add(Path.GetFileName(blob));
        }

        digests.Sort(StringComparer.Ordinal);
        return digests;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string PathOf(string folder, string digest) => Path.Combine(folder, "blobs", digest.Replace(':', '/'));
}
