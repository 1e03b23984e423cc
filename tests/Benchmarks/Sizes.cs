namespace LocalRegistry.Benchmarks;

/// <summary>How much scenarios move.</summary>
internal sealed record Sizes
{
    /// <summary>For results that count.</summary>
    public static Sizes Full { get; } = new();

    /// <summary>To see that all works.</summary>
    public static Sizes Quick { get; } = new()
    {
        Large = 64_000_000,
        Layer = 8_000_000,
        SmallLayer = 1_000_000,
        Time = TimeSpan.FromSeconds(0.7),
        Steps = 2,
    };

    /// <summary>The bytes of the blob that is called 1 GB.</summary>
    public long Large { get; init; } = 1_000_000_000;

    /// <summary>The bytes of the blobs that are called 100 MB.</summary>
    public int Layer { get; init; } = 100_000_000;

    /// <summary>The bytes of each layer of the image that many clients pull at once.</summary>
    public int SmallLayer { get; init; } = 10_000_000;

    /// <summary>For how long a load goes on.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How many steps growth curves have at most.</summary>
    public int Steps { get; init; } = int.MaxValue;
}
