namespace LocalRegistry.Testbed.Cases;

/// <summary>
/// The page <c>docs/validation-cases.md</c>: prose, and in it one table for each area between two marks. The tables are what the tests saw; the
/// prose is nobody's but the writer's.
/// </summary>
public static class CaseDocument
{
    private const string Header = "| Given | Condition (check) | Outcome | Reason | Message |\n|---|---|---|---|---|\n";

    /// <summary>The rows of an area; empty if the page has no such area.</summary>
    public static IReadOnlyDictionary<string, CaseRow> Read(string page, string area)
    {
        if (Span(page, area) is not var (start, end))
        {
            return new Dictionary<string, CaseRow>();
        }

        return page[start..end].Split('\n')
            .Skip(Header.Count(c => c == '\n') + 1)
            .Select(CaseRow.TryParse)
            .OfType<CaseRow>()
            .ToDictionary(row => row.Key);
    }

    /// <summary>The page with the rows of an area in place of those that it has; a new area is put at its end.</summary>
    public static string Write(string page, string area, IEnumerable<CaseRow> rows)
    {
        string table = $"\n{Header}{string.Concat(rows.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => $"{row.ToMarkdown()}\n"))}";
        return Span(page, area) is var (start, end)
            ? $"{page[..start]}{table}{page[end..]}"
            : $"{page.TrimEnd()}\n\n## {area}\n\n{Start(area)}{table}{End}\n";
    }

    private const string End = "<!-- end of cases -->";

    private static string Start(string area) => $"<!-- cases: {area} -->";

    private static (int Start, int End)? Span(string page, string area)
    {
        int mark = page.IndexOf(Start(area), StringComparison.Ordinal);
        if (mark < 0)
        {
            return null;
        }

        int start = mark + Start(area).Length;
        int end = page.IndexOf(End, start, StringComparison.Ordinal);
        return end < 0 ? throw new FormatException($"the cases of {area} have no end mark") : (start, end);
    }
}
