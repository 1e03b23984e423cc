using System.Collections.Concurrent;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Cases;

/// <summary>
/// What users are told, case by case, held against <c>docs/validation-cases.md</c>: a test records the answer that it got, and fails if the page
/// says another. Run with <c>LOCALREGISTRY_UPDATE_DOCS=1</c>, the page is written anew instead.
/// </summary>
internal static class CaseTable
{
    private const string Page = "docs/validation-cases.md";
    private const string UpdateVariable = "LOCALREGISTRY_UPDATE_DOCS";

    private static readonly string Path = Repository.PathOf(Page);
    private static readonly Lazy<string> Committed = new(() => File.Exists(Path) ? File.ReadAllText(Path) : "");
    private static readonly ConcurrentDictionary<string, ConcurrentDictionary<string, CaseRow>> Recorded = new();

    private static bool Updates => Environment.GetEnvironmentVariable(UpdateVariable) is { Length: > 0 };

    // Whoever runs a part of the tests sees a part of the cases.
    private static bool RunsAll => !Environment.GetCommandLineArgs().Skip(1).Any(a => a.TrimStart('-') is
        "class" or "class-" or "method" or "method-" or "namespace" or "namespace-" or "trait" or "trait-" or "filter" or "filter-query" or "id");

    /// <summary>Records one case.</summary>
    /// <param name="area">The section of the page: Access, Bucket ...</param>
    /// <param name="given">What was set up, in a few words; once for each check.</param>
    /// <param name="check">The check.</param>
    /// <param name="answer">What it answered.</param>
    public static void Record(string area, string given, CheckDefinition check, CheckAnswer answer)
    {
        CaseRow row = CaseRow.Of(given, check, answer);
        Assert.True(Recorded.GetOrAdd(area, _ => new()).TryAdd(row.Key, row), $"two cases of {area} are called \"{given}\" for {check.Name}");
        if (!Updates)
        {
            CaseRow? committed = CaseDocument.Read(Committed.Value, area).GetValueOrDefault(row.Key);
            Assert.True(committed == row, $"{Page} is not what users are told; {HowToUpdate}\npage: {committed?.ToMarkdown() ?? "has no such case"}\nnow:  {row.ToMarkdown()}");
        }
    }

    /// <summary>Ends a run: writes the page, or finds the cases in it that no test makes any more.</summary>
    public static void Complete()
    {
        if (Updates)
        {
            string page = Recorded.OrderBy(area => area.Key, StringComparer.Ordinal).Aggregate(Committed.Value, (page, area) => CaseDocument.Write(page, area.Key, RowsOf(area.Key)));
            File.WriteAllText(Path, page);
        }
        else if (RunsAll)
        {
            string[] gone = [.. Recorded.Keys.SelectMany(area => CaseDocument.Read(Committed.Value, area).Keys.Except(Recorded[area].Keys))];
            Assert.True(gone.Length == 0, $"{Page} has cases that no test makes; {HowToUpdate}\n{string.Join('\n', gone)}");
        }
    }

    private static string HowToUpdate => $"look at the difference, then run this suite with {UpdateVariable}=1";

    private static IEnumerable<CaseRow> RowsOf(string area)
    {
        IEnumerable<CaseRow> kept = RunsAll ? [] : CaseDocument.Read(Committed.Value, area).Values.Where(row => !Recorded[area].ContainsKey(row.Key));
        return Recorded[area].Values.Concat(kept);
    }
}
