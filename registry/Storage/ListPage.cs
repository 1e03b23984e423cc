namespace LocalRegistry.Registry.Storage;

/// <summary>A page of a list.</summary>
/// <param name="Entries">Its names in lexical order.</param>
/// <param name="HasMore">Whether there are names after them.</param>
internal sealed record ListPage(IReadOnlyList<string> Entries, bool HasMore)
{
    private const string BelowSlash = "-.";

    /// <summary>A page that holds nothing and is the last.</summary>
    public static readonly ListPage Empty = new([], false);

    /// <summary>
    /// Makes a page of names in lexical order out of names in the store's order, where each has a slash at its end. The two differ in one way: the
    /// store has <c>a-b</c> and <c>a.b</c> before <c>a</c>. So a name that was read may have others before it that are still to come, but only such
    /// as the last name read begins with, since all others have been passed. These few are asked for by their names, at once, instead of reading up to them.
    /// </summary>
    /// <param name="names">The names in the store's order; all that come after the position, and any others.</param>
    /// <param name="position">Where the page begins.</param>
    /// <param name="count">How many names it holds at most; above 0.</param>
    /// <param name="existsAsync">Whether a name is in the list.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<ListPage> ReadAsync(
        IAsyncEnumerable<string> names, ListPosition position, int count, Func<string, Task<bool>> existsAsync, CancellationToken cancellationToken)
    {
        var entries = new List<string>();
        await foreach (string name in names.WithCancellation(cancellationToken))
        {
            if (!position.IsBefore(name))
            {
                continue;
            }

            entries.Add(name);
            if (entries.Count > count)
            {
                await AddPassedOverAsync(entries, name, position, existsAsync);
                break;
            }
        }

        entries.Sort(StringComparer.Ordinal);
        return entries.Count > count ? new ListPage(entries[..count], true) : new ListPage(entries, false);
    }

    private static async Task AddPassedOverAsync(List<string> entries, string lastRead, ListPosition position, Func<string, Task<bool>> existsAsync)
    {
        string[] names = [.. Enumerable.Range(1, lastRead.Length - 1).Where(i => BelowSlash.Contains(lastRead[i])).Select(i => lastRead[..i]).Where(position.IsBefore)];
        bool[] exist = await Task.WhenAll(names.Select(existsAsync));
        entries.AddRange(names.Where((_, i) => exist[i]));
    }
}
