using System.Collections;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Login;
using LocalRegistry.Registry.Telemetry;

namespace LocalRegistry.Registry.Hosting;

/// <summary>Finds and reads <c>config.yml</c>, with the environment laid over it, and <c>mirrors.yml</c>.</summary>
internal static class ConfigurationFile
{
    private static readonly string[] DefaultPaths = ["/etc/distribution/config.yml", "/etc/docker/registry/config.yml"];

    /// <summary>What stands for the file's name where there is none.</summary>
    private const string Nowhere = "environment";

    /// <summary>Reads the configuration; what is refused goes to standard error, a line each.</summary>
    /// <param name="path">The path that was given; null looks at the usual places, and takes the built-in configuration if nothing is there.</param>
    /// <returns>The configuration; null if it is refused.</returns>
    public static RegistryConfiguration? Load(string? path)
    {
        path = Find(path);
        if ((path is null ? ConfigurationReader.DefaultYaml : ReadText(path)) is not { } text)
        {
            return null;
        }

        return Tell(ConfigurationReader.Read(text, Variables()), path ?? Nowhere);
    }

    /// <summary>Reads from the environment where traces are sent; what is refused goes to standard error.</summary>
    /// <param name="traces">Where; null for nowhere.</param>
    /// <returns>Whether all is well.</returns>
    public static bool ReadTraces(out OtlpSettings? traces)
    {
        traces = OtlpSettings.Read(Variables(), out string? problem);
        if (problem is not null)
        {
            Console.Error.WriteLine($"{Nowhere}: {problem}");
        }

        return problem is null;
    }

    /// <summary>Prepares what the configuration says of listening: reads the files of TLS, makes room for the socket. What is wrong goes to standard error, a line each.</summary>
    /// <param name="path">The path that was given for the configuration.</param>
    /// <param name="http">What it says.</param>
    /// <param name="tls">How TLS is spoken; null if it is not.</param>
    /// <returns>Whether the server can listen as the configuration says.</returns>
    public static bool PrepareListener(string? path, HttpConfiguration http, out ServerTls? tls)
    {
        var problems = new List<ConfigurationProblem>();
        tls = http.Tls is null ? null : ServerTls.Load(http.Tls, problems);
        if (problems.Count == 0 && http.SocketPath is { } socket && SocketFile.MakeRoom(socket) is { } taken)
        {
            problems.Add(taken);
        }

        return Tell(problems, path);
    }

    /// <summary>Reads the file of those who may use the registry, if the configuration names one. What is wrong goes to standard error, a line each.</summary>
    /// <param name="path">The path that was given for the configuration.</param>
    /// <param name="htpasswd">What it says.</param>
    /// <param name="users">Who may use the registry; null for everybody.</param>
    /// <returns>Whether it is known who may use the registry.</returns>
    public static bool PrepareLogin(string? path, HtpasswdConfiguration? htpasswd, out HtpasswdFile? users)
    {
        var problems = new List<ConfigurationProblem>();
        users = htpasswd is null ? null : HtpasswdFile.Load(htpasswd, problems);
        return Tell(problems, path);
    }

    private static bool Tell(List<ConfigurationProblem> problems, string? path)
    {
        foreach (ConfigurationProblem problem in problems)
        {
            Console.Error.WriteLine(problem.Describe(Find(path) ?? Nowhere));
        }

        return problems.Count == 0;
    }

    private static Dictionary<string, string> Variables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(v => (string)v.Key, v => (string)v.Value!, StringComparer.Ordinal);

    private static string? Find(string? path) =>
        path ?? Environment.GetEnvironmentVariable("REGISTRY_CONFIGURATION_PATH") ?? DefaultPaths.FirstOrDefault(File.Exists);

    /// <summary>Reads <c>mirrors.yml</c>; what is refused goes to standard error, a line each.</summary>
    /// <returns>The configuration; null if it is refused.</returns>
    public static MirrorConfiguration? LoadMirrors(string path) =>
        ReadText(path) is { } text ? Tell(MirrorConfigurationReader.Read(text), path) : null;

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine($"{path}: cannot be read: {e.Message}");
            return null;
        }
    }

    private static T? Tell<T>(ConfigurationResult<T> result, string source)
        where T : class
    {
        foreach (ConfigurationProblem warning in result.Warnings)
        {
            Console.Error.WriteLine($"warning: {warning.Describe(source)}");
        }

        foreach (ConfigurationProblem error in result.Errors)
        {
            Console.Error.WriteLine(error.Describe(source));
        }

        return result.Value;
    }
}
