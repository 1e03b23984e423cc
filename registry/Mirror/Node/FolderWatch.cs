using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>
/// Watches whether a folder is still the one that it was at first. What is mounted into a container is a folder itself, not its name: once the
/// node's own is removed, moved or replaced, the container goes on with the one from before, which nobody reads any more, or with none.
/// </summary>
/// <param name="path">The folder. It is remembered as soon as it is there.</param>
internal sealed class FolderWatch(string path) : IDisposable
{
    private const string Mounts = "/proc/self/mountinfo";
    private const string Deleted = "//deleted";
    private const int SourceDevice = 2;
    private const int SourceFolder = 3;
    private const int MountPoint = 4;

    // Held open, so that its number goes to no other folder.
    private SafeFileHandle? _first;
    private string? _source;

    /// <summary>Looks at it.</summary>
    /// <returns>Null while it is the first one, or is not known to be another; else what became of it.</returns>
    public string? Look()
    {
        SafeFileHandle found = Libc.Open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        int error = Marshal.GetLastPInvokeError();
        string? source = ReadSource();
        if (_first is null && !found.IsInvalid)
        {
            (_first, _source) = (found, source);
            return IsDeleted(source) ? Removed() : null;
        }

        using (found)
        {
            if (_first is null)
            {
                return null;
            }

            if (found.IsInvalid)
            {
                return error is Libc.ENOENT or Libc.ENOTDIR ? $"{path} is not there any more" : null;
            }

            // A folder that is mounted stays the same one when it is removed; only the mount knows.
            return AreSame(_first, found) ? (source == _source && !IsDeleted(source) ? null : Removed()) : $"{path} is another folder than before";
        }
    }

    public void Dispose() => _first?.Dispose();

    /// <summary>What is mounted at a path, as device and folder of that device.</summary>
    /// <param name="mountinfo">The lines of proc_pid_mountinfo(5).</param>
    /// <param name="path">The path.</param>
    /// <returns>Null if it is no mount.</returns>
    public static string? SourceOf(IEnumerable<string> mountinfo, string path)
    {
        string escaped = path.Replace("\\", "\\134", StringComparison.Ordinal).Replace(" ", "\\040", StringComparison.Ordinal);
        // Of several at one place the last one is seen.
        return mountinfo.Select(line => line.Split(' ')).LastOrDefault(f => f.Length > MountPoint && f[MountPoint] == escaped) is { } mount
            ? $"{mount[SourceDevice]} {mount[SourceFolder]}"
            : null;
    }

    private static bool IsDeleted(string? source) => source?.EndsWith(Deleted, StringComparison.Ordinal) == true;

    private static bool AreSame(SafeFileHandle one, SafeFileHandle other) =>
        Libc.StatxAt(one, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, out Statx a) == 0
        && Libc.StatxAt(other, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, out Statx b) == 0
        && a.IsSameFileAs(b);

    private string Removed() => $"{path} was removed or moved on the node";

    private string? ReadSource()
    {
        try
        {
            return SourceOf(File.ReadLines(Mounts), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without it the folder's own number has to do, each time alike.
            return null;
        }
    }
}
