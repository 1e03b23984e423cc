using System.Text.Json;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Docker;

/// <summary>All that a registry serves, read to the last byte.</summary>
internal static class Inventory
{
    /// <summary>
    /// A line for every repository, tag, manifest and blob that a tag leads to, in lexical order. Fails if anything is missing or has not the digest
    /// of its name.
    /// </summary>
    public static async Task<IReadOnlyCollection<string>> ReadAsync(RegistryApi registry)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string name in await registry.RepositoriesAsync())
        {
            lines.Add(name);
            foreach (string tag in await registry.TagsAsync(name))
            {
                lines.Add($"{name}:{tag} {await AddAsync(registry, name, tag, lines)}");
            }
        }

        return lines;
    }

    /// <summary>Fails unless both have the same lines, and names those that only one of them has.</summary>
    public static void AssertSame(IReadOnlyCollection<string> expected, IReadOnlyCollection<string> actual) =>
        Assert.Equal(("missing: ", "unexpected: "), ("missing: " + Joined(expected.Except(actual)), "unexpected: " + Joined(actual.Except(expected))));

    private static string Joined(IEnumerable<string> lines) => string.Join('\n', lines);

    // Gives the manifest's digest.
    private static async Task<string> AddAsync(RegistryApi registry, string name, string reference, SortedSet<string> lines)
    {
        (string digest, string mediaType, byte[] content) = await registry.ManifestAsync(name, reference);
        if (!lines.Add($"{name}@{digest} {mediaType}, {content.Length} bytes"))
        {
            return digest;
        }

        using JsonDocument document = JsonDocument.Parse(content);
        if (document.RootElement.TryGetProperty("manifests", out JsonElement manifests))
        {
            foreach (JsonElement manifest in manifests.EnumerateArray())
            {
                await AddAsync(registry, name, DigestOf(manifest), lines);
            }

            return digest;
        }

        foreach (JsonElement blob in document.RootElement.GetProperty("layers").EnumerateArray().Append(document.RootElement.GetProperty("config")))
        {
            lines.Add($"{name} blob {DigestOf(blob)}, {(await registry.BlobAsync(name, DigestOf(blob))).Length} bytes");
        }

        return digest;
    }

    private static string DigestOf(JsonElement descriptor) => descriptor.GetProperty("digest").GetString()!;
}
