namespace LocalRegistry.Benchmarks.Store;

/// <summary>How far away an S3 seems.</summary>
/// <param name="FirstByte">From the last byte of a request to the first of its answer, at least.</param>
/// <param name="BytesPerSecond">The most that a connection carries, each way.</param>
internal sealed record S3Shape(TimeSpan FirstByte, double BytesPerSecond)
{
    /// <summary>As S3 is seen from a machine in its own region.</summary>
    public static S3Shape Region { get; } = new(TimeSpan.FromMilliseconds(15), 80e6);
}
