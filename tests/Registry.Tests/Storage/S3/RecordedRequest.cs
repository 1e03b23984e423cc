namespace LocalRegistry.Registry.Tests.Storage.S3;

/// <summary>A request as it came in.</summary>
/// <param name="Call">The name that S3's documentation gives it.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body.</param>
internal sealed record RecordedRequest(string Call, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>A header; null if it is not there.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
