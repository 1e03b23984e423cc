namespace LocalRegistry.Benchmarks.Clients;

/// <summary>What a server answered; the content is only counted.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Length">The bytes of content that came.</param>
/// <param name="IsWhole">Whether all of it came; false if the time was up before.</param>
internal readonly record struct HttpAnswer(int Status, long Length, bool IsWhole)
{
    /// <summary>Whether it is what was asked for.</summary>
    public bool IsGood => Status is >= 200 and < 300;
}
