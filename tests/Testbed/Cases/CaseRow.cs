using System.Text.RegularExpressions;

namespace LocalRegistry.Testbed.Cases;

/// <summary>One row of the table of cases: what was given, and what the user is told.</summary>
/// <param name="Check">The condition and, in it, the check.</param>
/// <param name="Given">What was set up, in a few words; with the check it names the row.</param>
/// <param name="Outcome">How the check ended.</param>
/// <param name="Reason">The reason that the user sees.</param>
/// <param name="Message">The message that the user sees, without what varies from run to run.</param>
public sealed partial record CaseRow(string Check, string Given, string Outcome, string Reason, string Message)
{
    /// <summary>What tells rows apart, and their order.</summary>
    public string Key => $"{Check}\n{Given}";

    /// <summary>The row of an answer.</summary>
    /// <param name="given">What was set up.</param>
    /// <param name="condition">The condition that the check is part of.</param>
    /// <param name="check">The check's name.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="reason">The reason that it gave.</param>
    /// <param name="message">Its message, as the user sees it.</param>
    public static CaseRow Of(string given, string condition, string check, string outcome, string reason, string message) =>
        new($"{condition} (`{check}`)", given, outcome, reason, Normalize(message));

    /// <summary>Reads a row of a Markdown table; null if the line is none.</summary>
    public static CaseRow? TryParse(string line)
    {
        string[] cells = line.StartsWith("| ", StringComparison.Ordinal) && line.EndsWith(" |", StringComparison.Ordinal)
            ? line[2..^2].Split(" | ")
            : [];
        return cells is [var given, var check, var outcome, var reason, var message] ? new CaseRow(check, given, outcome, reason, message) : null;
    }

    /// <summary>The row as Markdown.</summary>
    public string ToMarkdown() => $"| {Given} | {Check} | {Outcome} | {Reason} | {Message} |";

    // Ports, addresses, request ids and generated names are other ones in each run; a bar would end the cell.
    private static string Normalize(string message)
    {
        string text = Endpoint().Replace(message, "http://store.example:9000");
        text = Generated().Replace(text, "generated");
        text = RequestId().Replace(text, "RequestId: ...");
        return text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"https?://(\d{1,3}(\.\d{1,3}){3}|localhost)(:\d+)?|\b(\d{1,3}(\.\d{1,3}){3}|localhost):\d+")]
    private static partial Regex Endpoint();

    [GeneratedRegex(@"\b[0-9a-f]{32}\b")]
    private static partial Regex Generated();

    [GeneratedRegex(@"Request ?Id: ?[0-9A-Za-z-]+", RegexOptions.IgnoreCase)]
    private static partial Regex RequestId();
}
