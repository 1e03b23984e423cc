using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LocalRegistry.Registry.Configuration.Mirrors;

/// <summary>
/// Writes a report so that Kubernetes keeps all of it: of a termination message it cuts off everything from byte 4096 on, and half a report
/// cannot be read.
/// </summary>
internal static class NodeReportSize
{
    /// <summary>The most that a report may take, in bytes of UTF-8.</summary>
    public const int MaximumBytes = 4095;

    private const string Ellipsis = "...";

    // Bytes of one character at most: an escaped control character.
    private const int LongestCharacter = 6;

    // People read it too, with kubectl: a quote or a letter of another alphabet need not be six bytes.
    private static readonly NodeReportJson Json = new(new JsonSerializerOptions(NodeReportJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Fit(NodeReport report)
    {
        string json = Serialize(report);
        string message = report.Message;
        while (Encoding.UTF8.GetByteCount(json) - MaximumBytes is > 0 and var excess && message.Length > 0)
        {
            // Never more than is too much, and so in a few rounds; the ellipsis of a round before is made up for.
            int length = Math.Max(0, message.Length - Math.Max(1 + Ellipsis.Length, excess / LongestCharacter));
            // Half of a pair of surrogates is no text.
            message = message[..(length > 0 && char.IsHighSurrogate(message[length - 1]) ? length - 1 : length)];
            json = Serialize(report with { Message = message + Ellipsis });
        }

        return json;
    }

    private static string Serialize(NodeReport report) => JsonSerializer.Serialize(report, Json.NodeReport);
}
