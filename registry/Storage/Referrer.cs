using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LocalRegistry.Registry.Oci;

namespace LocalRegistry.Registry.Storage;

/// <summary>A manifest that refers to another, as the list of referrers has it (OCI distribution-spec, Listing Referrers).</summary>
/// <param name="MediaType">The manifest's media type.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Referral">What it says of itself.</param>
internal sealed record Referrer(string MediaType, Digest Digest, long Size, Referral Referral)
{
    // The answer is no part of a page of HTML: texts stay as short as they were pushed.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Its descriptor as JSON; without artifact type and annotations if it would be longer than <paramref name="maximum"/> bytes with them.</summary>
    public byte[] ToJson(int maximum)
    {
        byte[] whole = Write(isWhole: true);
        return whole.Length <= maximum ? whole : Write(isWhole: false);
    }

    private byte[] Write(bool isWhole)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("mediaType", MediaType);
            json.WriteString("digest", Digest.ToString());
            json.WriteNumber("size", Size);
            if (isWhole)
            {
                WriteReferral(json);
            }

            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private void WriteReferral(Utf8JsonWriter json)
    {
        if (Referral.ArtifactType is { } type)
        {
            json.WriteString("artifactType", type);
        }

        if (!Referral.Annotations.IsEmpty)
        {
            json.WritePropertyName("annotations");
            json.WriteRawValue(Referral.Annotations.Span, skipInputValidation: true);
        }
    }
}
