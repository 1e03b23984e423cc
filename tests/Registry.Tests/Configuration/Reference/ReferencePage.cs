using System.Text.RegularExpressions;
using LocalRegistry.Registry.Configuration.Reference;

namespace LocalRegistry.Registry.Tests.Configuration.Reference;

/// <summary>
/// The tables of <c>docs/configuration.md</c>, each between two marks: <c>keys: http.tls</c> has the keys below that path for which no other
/// table is nearer, <c>keys: root</c> the others, <c>refused</c> and <c>refused in a LocalRegistry</c> say why keys are. The prose around them
/// is the writer's.
/// </summary>
internal static partial class ReferencePage
{
    private const string Root = "root";

    /// <summary>The page with every table as the registry reads its configuration now.</summary>
    public static string Write(string page)
    {
        string[] areas = [.. Marks().Matches(page).Select(m => m.Groups["area"]).Where(g => g.Success).Select(g => g.Value)];
        ILookup<string, string> rows = ConfigurationReference.Texts
            .Select(t => (Text: t, Key: ConfigurationReference.Keys.Single(k => k.Path == t.Path)))
            .ToLookup(r => Nearest(areas, r.Key), r => Row(r.Key, r.Text));
        return Marks().Replace(page, mark => mark.Groups["start"].Value + Table(mark, rows) + mark.Groups["end"].Value);
    }

    private static string Table(Match mark, ILookup<string, string> rows) => mark.Groups["table"].Value switch
    {
        "refused" => Table("| key | what is said of it |\n|---|---|\n", ConfigurationReference.Keys
            .Where(k => k.Kind == KeyKind.Refused)
            .GroupBy(k => k.Refusal!)
            .Select(g => $"| {string.Join(", ", g.Select(k => Code(k.Path)))} | {Escape(g.Key)} |")),
        "refused in a LocalRegistry" => Table("| key | reason |\n|---|---|\n", KeyRefusal.InResource
            .GroupBy(r => r.Reason)
            .Select(g => $"| {string.Join(", ", g.Select(r => Code(r.Path)))} | {Escape(g.Key)} |")),
        _ => Table("| key | value | default | |\n|---|---|---|---|\n", rows[mark.Groups["area"].Value]),
    };

    private static string Table(string header, IEnumerable<string> rows) => $"\n{header}{string.Concat(rows.Select(r => r + "\n"))}";

    private static string Nearest(string[] areas, ConfigurationKey key) => areas.Where(key.IsUnder).MaxBy(a => a.Length) ?? Root;

    private static string Row(ConfigurationKey key, KeyText text) =>
        $"| {Code(key.Path)} | {Escape(text.Values ?? Values(key))} | {Escape(Default(key, text))}| {Escape(text.Meaning)} |";

    private static string Default(ConfigurationKey key, KeyText text) => key switch
    {
        { Required: true } => "required ",
        _ when (text.DefaultInWords ?? Literal(text.Default ?? key.Default)) is { } value => $"{value} ",
        _ => "",
    };

    private static string? Literal(string? value) => value is null ? null : Code(value);

    private static string Values(ConfigurationKey key) => key.Kind switch
    {
        KeyKind.Flag => "`true`, `false`",
        KeyKind.Number => key.Maximum is { } maximum ? $"`{key.Minimum}` to `{maximum}`" : $"number from `{key.Minimum}`",
        KeyKind.Duration => key.Bounds is var (shortest, longest) ? $"duration, `{shortest}` to `{longest}`" : "duration",
        KeyKind.Choice => string.Join(", ", key.Words.Select(Code)),
        KeyKind.Sections => "list",
        KeyKind.TextList => "list of texts",
        KeyKind.Texts => "texts by name",
        KeyKind.TextLists => "lists of texts by name",
        _ => key.Kind.ToString().ToLowerInvariant(),
    };

    private static string Code(string text) => $"`{text}`";

    // A bar would end the cell.
    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex("(?<start><!-- (?<table>keys: (?<area>[a-z0-9.]+)|refused|refused in a LocalRegistry) -->\n).*?(?<end>\n<!-- end of (keys|refused keys) -->)", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Marks();
}
