using System.IO.Enumeration;
using LocalRegistry.Registry.Configuration.Mirrors;
using Tomlyn.Model;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>Reads containerd's configuration file and what it imports.</summary>
/// <remarks>As LoadConfig of containerd 2.4 does. What is imported from folders that are not seen here is told, not guessed.</remarks>
internal static class ContainerdFiles
{
    private const int LongestFile = 1 << 20;
    private const int MostFiles = 64;

    /// <param name="path">containerd's configuration file.</param>
    /// <param name="images">The settings of its image service.</param>
    /// <param name="unseen">What is imported and cannot be seen.</param>
    public static FileProblem? Read(string path, out ContainerdImages images, out IReadOnlyList<string> unseen)
    {
        images = new ContainerdImages();
        var missing = new List<string>();
        unseen = missing;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Queue<string>([path]);
        while (pending.TryDequeue(out string? next) && seen.Count < MostFiles)
        {
            if (!seen.Add(next))
            {
                continue;
            }

            if (ReadOne(next, out TomlTable? file) is { } wrong)
            {
                if (next == path || File.Exists(next))
                {
                    return new FileProblem(NodeReasons.NoRuntimeConfiguration, $"{next} {wrong}: set spec.node.runtime.configurationFile to containerd's configuration");
                }

                missing.Add(next);
                continue;
            }

            images.Add(file!, next);
            foreach (string import in Toml.Value(file, "imports") is TomlArray list ? list.OfType<string>().Where(i => !i.Contains('\0')) : [])
            {
                Resolve(Path.GetFullPath(import, Path.GetDirectoryName(next)!), pending, missing);
            }
        }

        return null;
    }

    private static string? ReadOne(string path, out TomlTable? file)
    {
        file = null;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LongestFile })
            {
                return "is too long to be containerd's configuration";
            }

            return Toml.Read(File.ReadAllBytes(path), out file, out _) is { } wrong ? $"is not valid TOML ({wrong})" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is FileNotFoundException or DirectoryNotFoundException ? "is not there" : $"cannot be read ({e.Message})";
        }
    }

    private static void Resolve(string import, Queue<string> pending, List<string> missing)
    {
        string folder = Path.GetDirectoryName(import)!;
        if (!import.Contains('*', StringComparison.Ordinal))
        {
            pending.Enqueue(import);
        }
        else if (folder.Contains('*', StringComparison.Ordinal) || NodeFolder.Files(folder, out IReadOnlyList<string> names) is not null || !Directory.Exists(folder))
        {
            missing.Add(import);
        }
        else
        {
            string pattern = Path.GetFileName(import);
            foreach (string name in names.Where(n => FileSystemName.MatchesSimpleExpression(pattern, n, ignoreCase: false)))
            {
                pending.Enqueue(Path.Combine(folder, name));
            }
        }
    }
}
