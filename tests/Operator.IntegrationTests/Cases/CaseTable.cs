using LocalRegistry.Operator.Validation;
using LocalRegistry.Testbed.Cases;

namespace LocalRegistry.Operator.IntegrationTests.Cases;

/// <summary>Records what the operator's checks answer on <see cref="CasePage"/>.</summary>
internal static class CaseTable
{
    /// <summary>Records one case.</summary>
    /// <param name="area">The section of the page: Access, Buckets ...</param>
    /// <param name="given">What was set up, in a few words; once for each check.</param>
    /// <param name="check">The check.</param>
    /// <param name="answer">What it answered.</param>
    public static void Record(string area, string given, CheckDefinition check, CheckAnswer answer) =>
        CasePage.Record(area, CaseRow.Of(given, check.Condition, check.Name, $"{answer.Outcome}", answer.Reason, answer.Message));
}
