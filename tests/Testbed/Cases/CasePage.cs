using System.Collections.Concurrent;

namespace LocalRegistry.Testbed.Cases;

/// <summary>
/// What users are told, case by case, held against <c>docs/validation-cases.md</c>: a test records the answer that it got, and fails if the page
/// says another. Run with <c>LOCALREGISTRY_UPDATE_DOCS=1</c>, the page is written anew instead.
/// </summary>
public static class CasePage
{
    private const string Page = "docs/validation-cases.md";
    private const string UpdateVariable = "LOCALREGISTRY_UPDATE_DOCS";

    private static readonly TimeSpan LockDeadline = TimeSpan.FromSeconds(10);
    private static readonly string PagePath = Repository.PathOf(Page);
    private static readonly Lazy<string> Committed = new(() => File.Exists(PagePath) ? File.ReadAllText(PagePath) : "");
    private static readonly ConcurrentDictionary<string, ConcurrentDictionary<string, CaseRow>> Recorded = new();

    private static bool Updates => Environment.GetEnvironmentVariable(UpdateVariable) is { Length: > 0 };

    // Whoever runs a part of the tests sees a part of the cases.
    private static bool RunsAll => !Environment.GetCommandLineArgs().Skip(1).Any(a => a.TrimStart('-') is
        "class" or "class-" or "method" or "method-" or "namespace" or "namespace-" or "trait" or "trait-" or "filter" or "filter-query" or "id");

    /// <summary>Records one case.</summary>
    /// <param name="area">The section of the page: Access, Buckets ... One test project writes it.</param>
    /// <param name="row">The case.</param>
    /// <exception cref="CaseException">The page says something else of it, or it was recorded before.</exception>
    public static void Record(string area, CaseRow row)
    {
        if (!Recorded.GetOrAdd(area, _ => new()).TryAdd(row.Key, row))
        {
            throw new CaseException($"two cases of {area} are called \"{row.Given}\" for {row.Check}");
        }

        if (!Updates && CaseDocument.Read(Committed.Value, area).GetValueOrDefault(row.Key) is var committed && committed != row)
        {
            throw new CaseException(
                $"{Page} is not what users are told; {HowToUpdate}\npage: {committed?.ToMarkdown() ?? "has no such case"}\nnow:  {row.ToMarkdown()}");
        }
    }

    /// <summary>Ends a run: writes the page, or finds the cases in it that no test makes any more.</summary>
    /// <exception cref="CaseException">There are such cases.</exception>
    public static async Task CompleteAsync()
    {
        if (Updates)
        {
            await WriteAsync();
        }
        else if (RunsAll)
        {
            string[] gone = [.. Recorded.Keys.SelectMany(area => CaseDocument.Read(Committed.Value, area).Keys.Except(Recorded[area].Keys))];
            if (gone.Length > 0)
            {
                throw new CaseException($"{Page} has cases that no test makes; {HowToUpdate}\n{string.Join('\n', gone)}");
            }
        }
    }

    private static string HowToUpdate => $"look at the difference, then run this suite with {UpdateVariable}=1";

    // Another suite may be writing its areas: the file is read and written by one at a time.
    private static async Task WriteAsync()
    {
        await using FileStream file = await Wait.UntilAsync(
            $"{Page} to be free",
            _ => Task.FromResult(new FileStream(PagePath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)),
            _ => true,
            LockDeadline,
            CancellationToken.None);
        using var reader = new StreamReader(file, leaveOpen: true);
        string before = await reader.ReadToEndAsync();
        string after = Recorded.Keys.Order(StringComparer.Ordinal).Aggregate(before, (page, area) => CaseDocument.Write(page, area, RowsOf(page, area)));
        file.SetLength(0);
        await using var writer = new StreamWriter(file);
        await writer.WriteAsync(after);
    }

    private static IEnumerable<CaseRow> RowsOf(string page, string area)
    {
        IEnumerable<CaseRow> kept = RunsAll ? [] : CaseDocument.Read(page, area).Values.Where(row => !Recorded[area].ContainsKey(row.Key));
        return Recorded[area].Values.Concat(kept);
    }
}
