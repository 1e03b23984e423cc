namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>config.yml</c>.</summary>
public static class ConfigurationReader
{
    /// <summary>What is served with no configuration at all: the filesystem driver on port 5000.</summary>
    public const string DefaultYaml = """
        version: 0.1
        storage:
          cache: {blobdescriptor: inmemory}
          filesystem: {rootdirectory: /var/lib/registry}
        http:
          addr: :5000
          headers: {X-Content-Type-Options: [nosniff]}
        """;

    /// <summary>Reads and checks a configuration; what is not known or cannot be done is an error with its path and line.</summary>
    /// <param name="yaml">The file's text. JSON is read as well, being YAML.</param>
    /// <param name="environment">Variables that override keys: <c>REGISTRY_HTTP_ADDR</c> sets <c>http.addr</c>. Others are passed over.</param>
    public static ConfigurationResult<RegistryConfiguration> Read(string yaml, IReadOnlyDictionary<string, string>? environment = null)
    {
        var problems = new ProblemList();
        if (YamlFile.Parse(yaml, "version: 0.1", problems) is { } root)
        {
            if (environment is not null)
            {
                EnvironmentOverrides.Apply(root, environment, problems);
            }

            RegistryConfiguration? value = RootSection.Read(new Section(problems, root, ""));
            if (problems.Errors.Count == 0)
            {
                return new ConfigurationResult<RegistryConfiguration>(value, [], problems.Warnings);
            }
        }

        return new ConfigurationResult<RegistryConfiguration>(null, problems.ErrorsByLine(), problems.Warnings);
    }
}
