using System.Text.Json.Serialization;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>What lies in the store of an upload between two requests, so that any process that finds it can go on with it.</summary>
internal sealed record UploadState
{
    /// <summary>Names this state and its <see cref="Tail"/>; no other ever has it.</summary>
    public required Guid Revision { get; init; }

    /// <summary>Bytes taken so far.</summary>
    public long Offset { get; init; }

    /// <summary>The algorithm that the client has announced, or with which the bytes so far were hashed; null before the first if it has announced none.</summary>
    public string? Algorithm { get; init; }

    /// <summary>Names the object under construction that the first bytes lie in; null if there is none.</summary>
    public Guid? Data { get; init; }

    /// <summary>The store's own name of its construction.</summary>
    public string? Construction { get; init; }

    /// <summary>Its parts, by ascending numbers.</summary>
    public IReadOnlyList<WrittenPart> Parts { get; init; } = [];

    /// <summary>How many of the bytes, the last ones, lie in an object of their own since they are too few for a part.</summary>
    public int Tail { get; init; }

    /// <summary>Names the request that closes the upload; null while none does. No other goes on with it then.</summary>
    public Guid? Closing { get; init; }

    /// <summary>Whether it is one that a registry writes.</summary>
    [JsonIgnore]
    public bool IsValid => Offset >= 0 && Tail is >= 0 and < S3Driver.MinimumChunkSize && Tail <= Offset
        && (Offset == 0 || DigestAlgorithm.Find(Algorithm) is not null)
        && Data is null == Construction is null && HasValidParts();

    private bool HasValidParts()
    {
        if (Parts is null || (Parts.Count > 0 && Data is null))
        {
            return false;
        }

        int last = 0;
        long left = Offset - Tail;
        foreach (WrittenPart? part in Parts)
        {
            if (part is not { Tag: not null, Size: > 0 } || part.Number <= last || part.Size > left)
            {
                return false;
            }

            last = part.Number;
            left -= part.Size;
        }

        return last <= IPartWriter.MaximumParts && left == 0;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadState))]
internal sealed partial class UploadStateJson : JsonSerializerContext;
