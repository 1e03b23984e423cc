namespace LocalRegistry.Registry.Configuration.Reference;

/// <summary>What the keys of <c>health</c> mean.</summary>
internal static class HealthTexts
{
    public static IReadOnlyList<KeyText> All { get; } =
    [
        new("health.storagedriver.enabled", "whether the store is asked for a sign of life; `/debug/health` answers 503 when it gives none"),
        new("health.storagedriver.interval", "how often, at least every second"),
        new("health.storagedriver.threshold", "failures in a row that make it unhealthy"),
    ];
}
