using System.Text.Json;

namespace LocalRegistry.Registry.Configuration.Check;

/// <summary>
/// The one JSON answer of <c>registry check</c>. It is written to standard output and, in a Job, to the container's
/// termination message, of which Kubernetes keeps 4096 bytes.
/// </summary>
/// <param name="Access"><c>ReadOnly</c> or <c>ReadWrite</c>: what the configuration asks of the store.</param>
/// <param name="Identity">Who made the calls; null if no credentials were found.</param>
/// <param name="Checks">Every call in the order it was made.</param>
public sealed record CheckReport(string Access, CheckIdentity? Identity, IReadOnlyList<CheckResult> Checks)
{
    /// <summary>Whether the registry would work: nothing failed and nothing stayed unknown.</summary>
    public bool Passed => Checks.All(c => c.Outcome is CheckOutcome.Passed or CheckOutcome.Skipped);

    /// <summary>The report as JSON on one line, below 4096 bytes: what is too long is shortened, and what passed goes before what did not.</summary>
    public string ToJson() => CheckReportSize.Fit(this);

    /// <summary>Reads a report.</summary>
    /// <param name="json">A container's termination message.</param>
    /// <returns>The report; null if the text is not one.</returns>
    public static CheckReport? TryParse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, CheckReportJson.Default.CheckReport) is { } report && IsWhole(report) ? report : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Any object reads as a report; what it lacks is null, whatever the types say.
    private static bool IsWhole(CheckReport report) =>
        report is { Access: not null, Checks: not null, Identity: null or { Source: not null } }
        && report.Checks.All(c => c is { Name: not null, Message: not null });
}
