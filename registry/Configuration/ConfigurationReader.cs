namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>config.yml</c>.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads and checks a configuration; what is not known or cannot be done is an error with its path and line.</summary>
    /// <param name="yaml">The file's text. JSON is read as well, being YAML.</param>
    /// <param name="environment">Variables that override keys: <c>REGISTRY_HTTP_ADDR</c> sets <c>http.addr</c>. Others are passed over.</param>
    public static ConfigurationResult Read(string yaml, IReadOnlyDictionary<string, string>? environment = null) =>
        throw new InvalidOperationException($"{yaml}{environment}");
}
