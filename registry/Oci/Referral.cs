using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace LocalRegistry.Registry.Oci;

/// <summary>What a manifest or an index says of itself as a referrer (OCI image-spec, Image Manifest and Image Index: subject, artifactType, annotations).</summary>
/// <param name="Subject">The manifest that it refers to; null if there is none, or if it cannot be read.</param>
/// <param name="ArtifactType">Its own artifact type or, for a manifest without one, its config's media type; null if an index has none.</param>
/// <param name="Annotations">Its annotations, a JSON object as it was pushed; empty if there are none.</param>
/// <param name="Problem">Why it is refused when it is pushed; null if it is well. What another registry took is served nevertheless.</param>
internal sealed record Referral(Digest? Subject, string? ArtifactType, ReadOnlyMemory<byte> Annotations, string? Problem)
{
    /// <summary>Reads a manifest or an index that is known to be well otherwise.</summary>
    public static Referral Read(JsonElement root)
    {
        try
        {
            var subjects = new List<Descriptor>();
            if (root.TryGetProperty("subject", out JsonElement subject) && subject.ValueKind != JsonValueKind.Null
                && !ManifestDocument.ReadDescriptor(subject, "subject", subjects, out string problem))
            {
                return new Referral(null, null, default, problem);
            }

            (byte[] annotations, string? bad) = ReadAnnotations(root);
            return new Referral(subjects is [{ } only] ? only.Digest : null, ReadType(root), annotations, bad);
        }
        catch (InvalidOperationException)
        {
            return new Referral(null, null, default, "subject or artifactType hold a text that is not Unicode");
        }
    }

    private static string? ReadType(JsonElement root) => ManifestDocument.Text(root, "artifactType") is { Length: > 0 } type
        ? type
        : root.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object ? ManifestDocument.Text(config, "mediaType") : null;

    // They are kept as they are: a manifest may have some hundred thousand, which as texts of their own would take many times its size.
    private static (byte[] Annotations, string? Problem) ReadAnnotations(JsonElement root)
    {
        if (!root.TryGetProperty("annotations", out JsonElement annotations) || annotations.ValueKind == JsonValueKind.Null)
        {
            return ([], null);
        }

        if (annotations.ValueKind != JsonValueKind.Object || annotations.EnumerateObject().Any(each => each.Value.ValueKind != JsonValueKind.String))
        {
            return ([], "annotations must be an object whose values are texts");
        }

        ReadOnlySpan<byte> json = JsonMarshal.GetRawUtf8Value(annotations);
        return Utf8.IsValid(json) ? (json.ToArray(), null) : ([], "annotations hold a text that is not Unicode");
    }
}
