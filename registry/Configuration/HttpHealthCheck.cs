namespace LocalRegistry.Registry.Configuration;

/// <summary>An entry of <c>health.http</c>.</summary>
/// <param name="Uri">The URL, as the file has it; it is asked by HEAD.</param>
/// <param name="Headers">Headers of the request. They may be secret.</param>
/// <param name="StatusCode">The status that is well.</param>
/// <param name="Timeout">How long an answer may take.</param>
/// <param name="Interval">How often it is asked.</param>
/// <param name="Threshold">Failures in a row that make the registry unhealthy.</param>
public sealed record HttpHealthCheck(
    string Uri, IReadOnlyDictionary<string, IReadOnlyList<string>> Headers, int StatusCode, TimeSpan Timeout, TimeSpan Interval, int Threshold);
