using System.Text.Json.Serialization;

namespace LocalRegistry.Operator.Mirroring;

/// <summary>Whether a node pulls through its registry.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MirrorVerdict>))]
internal enum MirrorVerdict
{
    /// <summary>No proof has given an answer yet, but for one that may pass by itself.</summary>
    Unknown,

    /// <summary>It pulled an image of every mirrored host that only its registry has.</summary>
    Proven,

    /// <summary>It does not, for a reason that somebody has to see to.</summary>
    Failing,
}
