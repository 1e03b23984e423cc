using System.Text.Json;

namespace LocalRegistry.Registry.Oci;

/// <summary>What a manifest or an index says of itself as a referrer (OCI image-spec, Image Manifest and Image Index: subject, artifactType, annotations).</summary>
/// <param name="Subject">The manifest that it refers to; null if there is none, or if it cannot be read.</param>
/// <param name="ArtifactType">Its own artifact type or, for a manifest without one, its config's media type; null if an index has none.</param>
/// <param name="Annotations">Its annotations.</param>
/// <param name="Problem">Why it is refused when it is pushed; null if it is well. What another registry took is served nevertheless.</param>
internal sealed record Referral(Digest? Subject, string? ArtifactType, IReadOnlyDictionary<string, string> Annotations, string? Problem)
{
    private static readonly IReadOnlyDictionary<string, string> NoAnnotations = new Dictionary<string, string>();

    /// <summary>Reads a manifest or an index that is known to be well otherwise.</summary>
    public static Referral Read(JsonElement root)
    {
        try
        {
            var subjects = new List<Descriptor>();
            if (root.TryGetProperty("subject", out JsonElement subject) && subject.ValueKind != JsonValueKind.Null
                && !ManifestDocument.ReadDescriptor(subject, "subject", subjects, out string problem))
            {
                return Bad(problem);
            }

            return new Referral(subjects is [{ } only] ? only.Digest : null, ReadType(root), ReadAnnotations(root), null);
        }
        catch (InvalidOperationException)
        {
            return Bad("subject, artifactType or annotations hold a text that is not Unicode");
        }
    }

    private static Referral Bad(string problem) => new(null, null, NoAnnotations, problem);

    private static string? ReadType(JsonElement root) => ManifestDocument.Text(root, "artifactType") is { Length: > 0 } type
        ? type
        : root.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object ? ManifestDocument.Text(config, "mediaType") : null;

    private static IReadOnlyDictionary<string, string> ReadAnnotations(JsonElement root)
    {
        if (!root.TryGetProperty("annotations", out JsonElement annotations) || annotations.ValueKind != JsonValueKind.Object)
        {
            return NoAnnotations;
        }

        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty each in annotations.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String))
        {
            read[each.Name] = each.Value.GetString()!;
        }

        return read;
    }
}
