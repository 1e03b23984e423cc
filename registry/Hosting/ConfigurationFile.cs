using System.Collections;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Hosting;

/// <summary>Finds and reads <c>config.yml</c>, with the environment laid over it.</summary>
internal static class ConfigurationFile
{
    private static readonly string[] DefaultPaths = ["/etc/distribution/config.yml", "/etc/docker/registry/config.yml"];

    /// <summary>Reads the configuration; what is refused goes to standard error, a line each.</summary>
    /// <param name="path">The path that was given; null looks at the usual places, and takes the built-in configuration if nothing is there.</param>
    /// <returns>The configuration; null if it is refused.</returns>
    public static RegistryConfiguration? Load(string? path)
    {
        path ??= Environment.GetEnvironmentVariable("REGISTRY_CONFIGURATION_PATH") ?? DefaultPaths.FirstOrDefault(File.Exists);
        string text;
        try
        {
            text = path is null ? ConfigurationReader.DefaultYaml : File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{path}: cannot be read: {e.Message}");
            return null;
        }

        Dictionary<string, string> environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(v => (string)v.Key, v => (string)v.Value!, StringComparer.Ordinal);
        ConfigurationResult<RegistryConfiguration> result = ConfigurationReader.Read(text, environment);
        foreach (ConfigurationProblem warning in result.Warnings)
        {
            Console.Error.WriteLine($"warning: {warning.Describe(path ?? "environment")}");
        }

        foreach (ConfigurationProblem error in result.Errors)
        {
            Console.Error.WriteLine(error.Describe(path ?? "environment"));
        }

        return result.Value;
    }
}
