using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>
/// Folders for one file each, which come and go in one step. containerd takes a folder that is there for all that it is to know of a host, so
/// that an empty one, left by a process that was killed, would hide what was configured for all hosts. Whoever calls holds the
/// <see cref="FolderLock"/> of the folder around them.
/// </summary>
internal static class NodeFolder
{
    private const string ComingPrefix = ".localregistry-new-";
    private const string GoingPrefix = ".localregistry-old-";
    private const int Permissions = 0x1ed; // rwxr-xr-x

    /// <summary>The names of the files in a folder; none if there is no such folder.</summary>
    public static FileProblem? Files(string path, out IReadOnlyList<string> names) => List(path, Directory.EnumerateFiles, out names);

    /// <summary>The names of the folders in a folder, symbolic links left out; none if there is no such folder.</summary>
    public static FileProblem? Folders(string path, out IReadOnlyList<string> names) =>
        List(path, p => Directory.EnumerateDirectories(p).Where(d => !File.GetAttributes(d).HasFlag(FileAttributes.ReparsePoint)), out names);

    /// <summary>The same with the symbolic links in it, wherever they lead; none if there is no such folder.</summary>
    public static FileProblem? FoldersAndLinks(string path, out IReadOnlyList<string> names) =>
        List(path, p => new DirectoryInfo(p).EnumerateFileSystemInfos().Where(i => i is DirectoryInfo || i.LinkTarget is not null).Select(i => i.Name), out names);

    /// <summary>Whether a folder has the name of one that comes or goes.</summary>
    public static bool IsPassing(string name) =>
        name.StartsWith(ComingPrefix, StringComparison.Ordinal) || name.StartsWith(GoingPrefix, StringComparison.Ordinal);

    /// <summary>Makes a folder with a file in it.</summary>
    /// <param name="root">The folder around it.</param>
    /// <param name="name">Its name, under which nothing stands.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="content">The file's content.</param>
    /// <param name="permissions">The file's permissions.</param>
    /// <param name="check">Looks at what was read back; null if it is well.</param>
    public static FileProblem? Make(
        string root, string name, string file, ReadOnlyMemory<byte> content, int permissions, Func<byte[], string?> check)
    {
        string path = Path.Combine(root, name);
        string coming = ComingPrefix + name;
        if (Change(root, path, "cannot be made", folder => Libc.MkdirAt(folder, coming, Permissions) == 0) is { } problem)
        {
            return problem;
        }

        return NodeFile.Write(Path.Combine(root, coming, file), content, permissions, check)
            ?? Change(root, path, "cannot be made", folder => Libc.RenameAt(folder, coming, folder, name) == 0);
    }

    /// <summary>Takes a folder with a file in it away; what else is in it by now stays, with the folder.</summary>
    public static FileProblem? Remove(string root, string name, string file)
    {
        string going = GoingPrefix + name;
        return Change(root, Path.Combine(root, name), "cannot be removed", folder => Libc.RenameAt(folder, name, folder, going) == 0)
            ?? Finish(root, name, going, file);
    }

    /// <summary>Finishes what a process was about when it was killed.</summary>
    /// <param name="root">The folder around them.</param>
    /// <param name="file">The name of the file in each.</param>
    /// <param name="left">What could not be finished, by the name that the folder was to have or had.</param>
    public static FileProblem? CleanUp(string root, string file, out IReadOnlyDictionary<string, FileProblem> left)
    {
        var problems = new Dictionary<string, FileProblem>(StringComparer.Ordinal);
        left = problems;
        FileProblem? unreadable = Folders(root, out IReadOnlyList<string> names);
        foreach (string passing in names.Where(IsPassing))
        {
            string name = passing[(passing.StartsWith(ComingPrefix, StringComparison.Ordinal) ? ComingPrefix : GoingPrefix).Length..];
            if (Finish(root, name, passing, file) is { } problem)
            {
                problems.TryAdd(name, problem);
            }
        }

        return unreadable;
    }

    private static FileProblem? Finish(string root, string name, string going, string file)
    {
        string path = Path.Combine(root, going, file);
        return NodeFile.Delete(NodeFile.TemporaryOf(path))
            ?? NodeFile.Delete(path)
            ?? Change(root, path, "cannot be removed", folder =>
                Libc.UnlinkAt(folder, going, Libc.AT_REMOVEDIR) == 0
                || (Marshal.GetLastPInvokeError() == Libc.ENOTEMPTY && Libc.RenameAt(folder, going, folder, name) == 0));
    }

    private static FileProblem? Change(string root, string path, string failure, Func<SafeFileHandle, bool> change)
    {
        using SafeFileHandle folder = Libc.Open(root, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        return !folder.IsInvalid && change(folder) && Libc.Fsync(folder) == 0
            ? null
            : FileProblem.NotWritable(path, failure, Marshal.GetLastPInvokeError());
    }

    private static FileProblem? List(string path, Func<string, IEnumerable<string>> list, out IReadOnlyList<string> names)
    {
        try
        {
            names = [.. list(path).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            names = [];
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            names = [];
            return new FileProblem(Configuration.Mirrors.NodeReasons.UnreadableExisting, $"{path} cannot be read: {e.Message}");
        }
    }
}
