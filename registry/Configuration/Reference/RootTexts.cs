namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>What the keys of the top, of <c>log</c> and of the smallest sections mean.</summary>
internal static class RootTexts
{
    public static IReadOnlyList<KeyText> All { get; } =
    [
        new("version", "the version of the format") { Values = "`0.1`" },
        new("log.level", "the least severe messages that are written"),
        new("log.formatter", "the form of a line"),
        new("log.fields", "added to every line; one that is called like a part of the line itself (`level`, `msg`) is written `fields.level`") { DefaultInWords = "none" },
        new("log.accesslog.disabled", "whether no line is written for each request ([the lines](operations.md#the-log)); probes of `/` never have one"),
        new("loglevel", "older name of `log.level`, which counts if both are there"),
        new("catalog.maxentries", "the most entries in a page of the catalog; 100 if the client asks for no number"),
        new("tags.maxtags", "the most entries in a page of a tag list"),
    ];
}
