using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LocalRegistry.Registry.Tests;

namespace LocalRegistry.Registry.IntegrationTests.Docker;

/// <summary>An image of a few bytes, of which only the digests matter.</summary>
/// <param name="Blobs">Its config and its layers.</param>
/// <param name="Manifest">The manifest that names them.</param>
internal sealed record SmallImage(IReadOnlyList<byte[]> Blobs, byte[] Manifest)
{
    private const string Oci = "application/vnd.oci.image";

    /// <summary>The digest of its manifest.</summary>
    public string Digest => TestContent.Sha256(Manifest);

    /// <summary>An image whose config holds a mark.</summary>
    public static SmallImage Of(string mark, params byte[][] layers) => Make(Encoding.UTF8.GetBytes($$"""{"mark":"{{mark}}"}"""), layers, new JsonObject());

    /// <summary>An artifact that refers to an image.</summary>
    public static SmallImage Referring(SmallImage subject, string artifactType) => Make(
        "{}"u8.ToArray(),
        [],
        new JsonObject { ["artifactType"] = artifactType, ["subject"] = Descriptor($"{Oci}.manifest.v1+json", subject.Manifest) });

    /// <summary>An index of images.</summary>
    public static byte[] Index(params SmallImage[] images) => Encode(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = $"{Oci}.index.v1+json",
        ["manifests"] = new JsonArray([.. images.Select(image => Descriptor($"{Oci}.manifest.v1+json", image.Manifest))]),
    });

    /// <summary>Pushes it as clients do: what the registry says that it has is not sent again.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="name">The repository.</param>
    /// <param name="tag">The tag; null to push by digest.</param>
    /// <param name="chunk">The bytes of a PATCH; 0 for none.</param>
    public async Task PushAsync(RegistryApi registry, string name, string? tag, int chunk = 0)
    {
        foreach (byte[] blob in Blobs)
        {
            if (await registry.StatusAsync(HttpMethod.Head, $"/v2/{name}/blobs/{TestContent.Sha256(blob)}") != HttpStatusCode.OK)
            {
                await registry.PushBlobAsync(name, blob, chunk);
            }
        }

        await registry.PushManifestAsync(name, tag ?? Digest, Manifest);
    }

    /// <summary>Pushes it with all blobs out of another repository.</summary>
    public async Task MountAsync(RegistryApi registry, string name, string tag, string from)
    {
        foreach (byte[] blob in Blobs)
        {
            await registry.MountAsync(name, TestContent.Sha256(blob), from);
        }

        await registry.PushManifestAsync(name, tag, Manifest);
    }

    private static SmallImage Make(byte[] config, byte[][] layers, JsonObject manifest)
    {
        manifest["schemaVersion"] = 2;
        manifest["mediaType"] = $"{Oci}.manifest.v1+json";
        manifest["config"] = Descriptor($"{Oci}.config.v1+json", config);
        manifest["layers"] = new JsonArray([.. layers.Select(layer => Descriptor($"{Oci}.layer.v1.tar", layer))]);
        return new SmallImage([config, .. layers], Encode(manifest));
    }

    private static JsonObject Descriptor(string mediaType, byte[] content) =>
        new() { ["mediaType"] = mediaType, ["digest"] = TestContent.Sha256(content), ["size"] = content.Length };

    private static byte[] Encode(JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString());
}
