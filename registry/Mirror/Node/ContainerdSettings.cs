using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>Whether containerd's own configuration lets mirrors work. It is only read: changing it would need a restart of containerd.</summary>
/// <param name="Roots">containerd's folders for hosts that can be seen, the one that is written to first.</param>
/// <param name="Problem">Why mirrors cannot work; null if they can.</param>
/// <param name="Doubt">What may keep them from working, depending on what cannot be seen here; null if nothing.</param>
internal sealed record ContainerdSettings(IReadOnlyList<string> Roots, FileProblem? Problem, string? Doubt)
{
    // What containerd 2.2 and later take if nothing is said.
    private const string DefaultConfigPath = "/etc/containerd/certs.d:/etc/docker/certs.d";

    private const string LocalPull = "use_local_image_pull = true";

    /// <summary>Reads the configuration.</summary>
    public static ContainerdSettings Read(NodeRuntime runtime)
    {
        string folder = Clean(runtime.Directories[0]);
        IReadOnlyList<string> all = [.. runtime.Directories.Select(Clean)];
        if (runtime.ConfigurationFile is not { } file)
        {
            return new ContainerdSettings(all, null, null);
        }

        if (ContainerdFiles.Read(file, out ContainerdImages images, out IReadOnlyList<string> unseen) is { } unreadable)
        {
            return new ContainerdSettings(all, unreadable, null);
        }

        ContainerdSettings settings = Judge(file, folder, images);
        string? doubt = settings.Doubt;
        if (unseen.Count > 0)
        {
            doubt = Join(doubt, $"{file} imports {unseen[0]}, which cannot be seen from here");
        }

        if (images.Replacing is { } replacing)
        {
            doubt = Join(doubt, $"{replacing} has the table of the image service without config_path, and containerd 1.x takes it in the place of the whole table before it: set config_path there too");
        }

        string[] others = [.. settings.Roots.Except(all)];
        if (others.Length > 0)
        {
            doubt = Join(doubt, $"by {file} containerd looks in {string.Join(" and ", others)} too, which cannot be seen from here: what is there for a mirrored host is hidden, unless it is copied to {folder}");
        }

        return settings with { Roots = [.. all.Where((path, i) => i == 0 || settings.Roots.Contains(path))], Doubt = doubt };
    }

    private static ContainerdSettings Judge(string file, string folder, ContainerdImages images)
    {
        FileProblem? problem = null;
        string? doubt = null;
        if (images.HasMirrors)
        {
            return Blocked(NodeReasons.LegacyMirrors, $"{file} has registry.mirrors, and containerd reads no hosts.toml beside them: write them as hosts.toml, set config_path = \"{folder}\" and restart containerd");
        }

        string path = images.ConfigPath;
        if (path.Length == 0)
        {
            // Before 2.2 containerd reads no hosts.toml now; after it takes its list for one folder unless it pulls locally.
            if (!images.PullsLocally || folder != DefaultConfigPath.Split(':')[0])
            {
                return Blocked(NodeReasons.NoConfigPath, $"{file} names no config_path, so that containerd reads no hosts.toml: set config_path = \"{folder}\" in the table of the registry and restart containerd");
            }

            path = DefaultConfigPath;
            doubt = images.IsAtLeast23 ? null : $"{file} names no config_path, so that containerd before 2.2 reads no hosts.toml";
        }

        string[] paths = [.. path.Split([':', '\0'], StringSplitOptions.RemoveEmptyEntries).Select(Clean)];
        if (paths.Length == 0 || paths[0] != folder)
        {
            return Blocked(NodeReasons.OtherConfigPath, $"containerd looks in {path} first (config_path in {file}), not in {folder}: set spec.node.runtime.directory to {paths.FirstOrDefault() ?? folder}");
        }

        if (images.IsInOldTable)
        {
            doubt = $"config_path stands in the table of version 2 in {file}, which is of version 3: containerd before 2.3 does not read it there";
        }

        if (paths.Length > 1 && !images.PullsLocally)
        {
            string advice = $"containerd from 2.1 on takes the list {path} (config_path in {file}) for one folder: set config_path = \"{folder}\", or {LocalPull}, and restart containerd";
            problem = images.IsAtLeast21 ? new FileProblem(NodeReasons.ConfigPathListIgnored, advice) : null;
            doubt = problem is null ? Join(doubt, advice) : doubt;
        }

        return new ContainerdSettings(paths, problem, doubt);

        ContainerdSettings Blocked(string reason, string message) => new([folder], new FileProblem(reason, message), null);
    }

    private static string Join(string? one, string other) => one is null ? other : $"{one}; {other}";

    // As filepath.Clean: no slash at the end, none twice.
    private static string Clean(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
