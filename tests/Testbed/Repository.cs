namespace LocalRegistry.Testbed;

/// <summary>Where the repository lies that this was built from, and what its test bed pins.</summary>
public static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    private static readonly Dictionary<string, string> Versions = File.ReadLines(PathOf("tests/setup/versions.env"))
        .Where(line => line.Contains('=') && !line.StartsWith('#'))
        .Select(line => line.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>The full path of a file of the repository.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>A name or version of <c>tests/setup/versions.env</c>.</summary>
    public static string Version(string key) => Versions[key];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LocalRegistry.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"LocalRegistry.slnx is in no folder above {AppContext.BaseDirectory}");
    }
}
