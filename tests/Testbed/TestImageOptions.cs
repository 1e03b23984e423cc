namespace LocalRegistry.Testbed;

/// <summary>What a <see cref="TestImage"/> is made of.</summary>
public sealed record TestImageOptions
{
    /// <summary>The command that its containers run; every applet of busybox is there.</summary>
    public IReadOnlyList<string> Command { get; init; } = ["/bin/busybox", "sleep", "2147483647"];

    /// <summary>How many layers of random content lie above the one with busybox.</summary>
    public int RandomLayers { get; init; } = 1;

    /// <summary>Bytes of random content in each of those; it makes every image another one, and does not compress.</summary>
    public int RandomLayerBytes { get; init; } = 1024;
}
