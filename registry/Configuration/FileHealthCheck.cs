namespace LocalRegistry.Registry.Configuration;

/// <summary>An entry of <c>health.file</c>: who wants the registry out of use makes the file.</summary>
/// <param name="File">The absolute path of a file or folder that must not be there.</param>
/// <param name="Interval">How often it is looked for.</param>
public sealed record FileHealthCheck(string File, TimeSpan Interval);
