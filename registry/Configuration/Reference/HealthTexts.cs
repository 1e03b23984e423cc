namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>What the keys of <c>health</c> mean.</summary>
internal static class HealthTexts
{
    private const string Interval = "how often, at least every second; 0 means 10 s";
    private const string Threshold = "failures in a row that make the registry unhealthy; 0 means 1";
    private const string LikeInterval = "that of `interval`";

    public static IReadOnlyList<KeyText> All { get; } =
    [
        new("health.storagedriver.enabled", "whether the store is asked for a sign of life; `/debug/health` answers 503 when it gives none"),
        new("health.storagedriver.interval", Interval),
        new("health.storagedriver.threshold", Threshold),
        new("health.file", "files to look for") { DefaultInWords = "none" },
        new("health.file[].file", "the registry is unhealthy **while the file is there**") { Values = "absolute path" },
        new("health.file[].interval", Interval),
        new("health.http", "URLs that have to answer") { DefaultInWords = "none" },
        new("health.http[].uri", "what is asked by `HEAD`; redirects are followed. A user and password in it are refused, since everybody may read the check's name: write an `Authorization` header") { Values = "URL" },
        new("health.http[].headers", "headers of the request") { DefaultInWords = "none" },
        new("health.http[].statuscode", "the status that is well"),
        new("health.http[].timeout", "how long an answer may take; 0 is the default") { DefaultInWords = LikeInterval },
        new("health.http[].interval", Interval),
        new("health.http[].threshold", Threshold),
        new("health.tcp", "addresses that have to take connections") { DefaultInWords = "none" },
        new("health.tcp[].addr", "what is connected to") { Values = "`host:port`" },
        new("health.tcp[].timeout", "how long a connection may take; 0 is the default") { DefaultInWords = LikeInterval },
        new("health.tcp[].interval", Interval),
        new("health.tcp[].threshold", Threshold),
    ];
}
