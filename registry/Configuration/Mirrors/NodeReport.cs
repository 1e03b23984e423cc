using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>What <c>registry node-config</c> says of its node, as one JSON object.</summary>
public sealed record NodeReport
{
    /// <summary>How far the runtime is told.</summary>
    public required NodeState State { get; init; }

    /// <summary>Why, as one word of <see cref="NodeReasons"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>Why, for people, with paths and what to do; of many hosts only the worst few are named.</summary>
    public required string Message { get; init; }

    /// <summary>How many hosts the runtime is to be told of.</summary>
    public int Hosts { get; init; }

    /// <summary>How many it is told of.</summary>
    public int Configured { get; init; }

    /// <summary>When the node's registry was last asked for an image of a host that it stands in for; null if that is not known.</summary>
    public DateTimeOffset? LastMirroredRequest { get; init; }

    /// <summary>
    /// Writes it on one line, below 4096 bytes, which is what Kubernetes keeps of a termination message: a message that is too long is shortened.
    /// </summary>
    public string ToJson() => NodeReportSize.Fit(this);

    /// <summary>Reads it; null if the text is none.</summary>
    public static NodeReport? Parse(string text)
    {
        try
        {
            // A number reads as a state too, whatever number it is.
            return JsonSerializer.Deserialize(text, NodeReportJson.Default.NodeReport) is { } report && Enum.IsDefined(report.State) ? report : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Serialization without reflection, which a binary compiled ahead of time does not have.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(NodeReport))]
internal sealed partial class NodeReportJson : JsonSerializerContext;
