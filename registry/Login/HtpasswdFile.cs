using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Login;

/// <summary>The file of <c>auth.htpasswd.path</c>, which may change while the registry serves.</summary>
internal sealed class HtpasswdFile
{
    private const string Key = "auth.htpasswd.path";
    private const int MaximumSize = 1024 * 1024;

    private string _seen;
    private volatile HtpasswdUsers _users;

    private HtpasswdFile(HtpasswdConfiguration configuration, string text, HtpasswdUsers users)
    {
        Configuration = configuration;
        _seen = text;
        _users = users;
    }

    public HtpasswdConfiguration Configuration { get; }

    /// <summary>The users that the file had when it was last well.</summary>
    public HtpasswdUsers Users => _users;

    /// <summary>Reads the file.</summary>
    /// <param name="configuration">Names it.</param>
    /// <param name="problems">Gets every reason why it cannot be taken.</param>
    /// <returns>The file; null if there are problems.</returns>
    public static HtpasswdFile? Load(HtpasswdConfiguration configuration, ICollection<ConfigurationProblem> problems) =>
        ReadText(configuration.Path, problems) is { } text && Parse(configuration.Path, text, problems) is { } users
            ? new HtpasswdFile(configuration, text, users)
            : null;

    /// <summary>
    /// Reads it anew. The content is compared: a mounted Secret changes by a link far above the file, of which its time does not tell. Only one
    /// caller at a time.
    /// </summary>
    /// <param name="problems">Gets the reasons why it cannot be taken; the former users stay.</param>
    /// <returns>Whether there are other users from now on.</returns>
    public bool Renew(ICollection<ConfigurationProblem> problems)
    {
        if (ReadText(Configuration.Path, problems) is not { } text || text == _seen || Parse(Configuration.Path, text, problems) is not { } users)
        {
            return false;
        }

        _seen = text;
        _users = users;
        return true;
    }

    private static HtpasswdUsers? Parse(string path, string text, ICollection<ConfigurationProblem> problems)
    {
        var lines = new List<(int Line, string Message)>();
        HtpasswdUsers? users = HtpasswdUsers.Parse(text, lines);
        foreach ((int line, string message) in lines)
        {
            problems.Add(new ConfigurationProblem(Key, null, $"{path}:{line} {message}"));
        }

        return users;
    }

    private static string? ReadText(string path, ICollection<ConfigurationProblem> problems)
    {
        try
        {
            using var reader = new StreamReader(path);
            if (reader.BaseStream.Length <= MaximumSize)
            {
                return reader.ReadToEnd();
            }

            problems.Add(new ConfigurationProblem(Key, null, $"{path} is larger than {MaximumSize} bytes"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(new ConfigurationProblem(Key, null, $"{path} does not exist: make it with htpasswd -Bc {path} USER, which asks for the password"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(new ConfigurationProblem(Key, null, $"{path} cannot be read: {e.Message}"));
        }

        return null;
    }
}
