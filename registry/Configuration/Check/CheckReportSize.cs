using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LocalRegistry.Registry.Configuration.Check;

/// <summary>
/// Writes a report so that Kubernetes keeps all of it: of a termination message it cuts off everything from byte 4096 on, and half a report
/// cannot be read. What did not pass keeps its words longest.
/// </summary>
internal static class CheckReportSize
{
    /// <summary>The most that a report may take, in bytes of UTF-8.</summary>
    public const int MaximumBytes = 4095;

    private const string Ellipsis = "...";

    // People read it too, with kubectl: AWS quotes what it denies, and six bytes for each quote would be a waste of the few that there are.
    private static readonly CheckReportJson Json = new(new JsonSerializerOptions(CheckReportJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    // The longest message of a check that passed, that of one that did not, and the longest resource, in characters; then how many checks are left.
    private static readonly (int Passed, int NotPassed, int Other, int Checks)[] Steps =
    [
        (int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue),
        (100, int.MaxValue, int.MaxValue, int.MaxValue),
        (40, int.MaxValue, 200, int.MaxValue),
        (40, 1200, 200, int.MaxValue),
        (20, 600, 200, int.MaxValue),
        (0, 300, 150, int.MaxValue),
        (0, 150, 100, int.MaxValue),
        (0, 80, 80, 12),
        (0, 80, 60, 6),
        (0, 40, 40, 3),
        (0, 20, 20, 1),
    ];

    public static string Fit(CheckReport report)
    {
        string json = "";
        foreach ((int passed, int notPassed, int other, int checks) in Steps)
        {
            json = JsonSerializer.Serialize(Shorten(report, passed, notPassed, other, checks), Json.CheckReport);
            if (Encoding.UTF8.GetByteCount(json) <= MaximumBytes)
            {
                break;
            }
        }

        return json;
    }

    private static CheckReport Shorten(CheckReport report, int passed, int notPassed, int other, int checks) => report with
    {
        Identity = report.Identity is { } identity
            ? identity with { Arn = Shorten(identity.Arn, other), Role = Shorten(identity.Role, other), Source = Shorten(identity.Source, other)! }
            : null,
        // The order is kept: checks that did not pass are the last that are left out, the first of them at the very last.
        Checks =
        [
            .. report.Checks.Select((check, at) => (Check: check, At: at)).OrderBy(c => IsGood(c.Check)).Take(checks).OrderBy(c => c.At).Select(c => c.Check with
            {
                Name = Shorten(c.Check.Name, other)!,
                Action = Shorten(c.Check.Action, other),
                Resource = Shorten(c.Check.Resource, other),
                Message = Shorten(c.Check.Message, IsGood(c.Check) ? passed : notPassed)!,
            }),
        ],
    };

    private static bool IsGood(CheckResult check) => check.Outcome is CheckOutcome.Passed or CheckOutcome.Skipped;

    private static string? Shorten(string? text, int length)
    {
        if (text is null || text.Length <= length)
        {
            return text;
        }

        int end = Math.Max(0, length - Ellipsis.Length);
        // Half of a pair of surrogates is no text.
        return length < Ellipsis.Length ? "" : text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + Ellipsis;
    }
}
