using System.Runtime.InteropServices;
using LocalRegistry.Registry.Configuration.Mirrors;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>
/// Files of the node, read and written so that nobody ever sees half of one, and nothing but the file that is named is touched: neither the
/// file nor the folder around it may be a symbolic link. Every failure is a value.
/// </summary>
internal static class NodeFile
{
    /// <summary>The permissions of a file that was not there before.</summary>
    public const int DefaultPermissions = 0x1a4; // rw-r--r--

    /// <summary>The longest file that is read, in bytes: a mirror's configuration has a few hundred.</summary>
    public const int LongestFile = 1 << 20;

    private const string TemporarySuffix = ".localregistry-new";

    /// <summary>Where a file stands until it is whole. What is left there by a process that was killed is overwritten by the next.</summary>
    public static string TemporaryOf(string path) => path + TemporarySuffix;

    /// <summary>Reads a regular file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content; null if there is no such file, or there is a problem.</param>
    /// <param name="permissions">Its read and write permissions.</param>
    public static FileProblem? Read(string path, out byte[]? content, out int permissions)
    {
        (content, permissions) = (null, DefaultPermissions);
        if (OpenFolder(path, out SafeFileHandle? folder) is { } problem)
        {
            return problem;
        }

        using (folder)
        {
            if (folder is null)
            {
                return null;
            }

            string name = Path.GetFileName(path);
            // Opened without waiting, so that a pipe does not hold the program up before it is seen that it is one.
            using SafeFileHandle file = Libc.OpenAt(folder, name, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
            int error = Marshal.GetLastPInvokeError();
            if (file.IsInvalid)
            {
                return error == Libc.ENOENT ? null : FileProblem.NotReadable(path, error);
            }

            if (Libc.StatxAt(file, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, out Statx stat) != 0)
            {
                return FileProblem.NotReadable(path, Marshal.GetLastPInvokeError());
            }

            if (!stat.IsRegular || stat.Size > LongestFile)
            {
                return new FileProblem(NodeReasons.UnreadableExisting, $"{path} is no regular file of at most {LongestFile} bytes: take it away");
            }

            permissions = stat.Permissions;
            return ReadAll(file, path, out content);
        }
    }

    /// <summary>Whether two names in one folder are of one file; false if either is missing.</summary>
    public static bool AreSame(string path, string other) =>
        Stat(path, out Statx? one) is null && Stat(other, out Statx? two) is null && one is { } a && two is { } b && a.IsSameFileAs(b);

    /// <summary>What stands under a name, without following a link there.</summary>
    public static FileProblem? Stat(string path, out Statx? stat)
    {
        stat = null;
        if (OpenFolder(path, out SafeFileHandle? folder) is { } problem)
        {
            return problem;
        }

        using (folder)
        {
            if (folder is null)
            {
                return null;
            }

            if (Libc.StatxAt(folder, Path.GetFileName(path), Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, out Statx found) == 0)
            {
                stat = found;
                return null;
            }

            int error = Marshal.GetLastPInvokeError();
            return error == Libc.ENOENT ? null : FileProblem.NotReadable(path, error);
        }
    }

    /// <summary>Keeps a file under a second name by a hard link, with all that belongs to it: content, permissions, owner and times.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kept">The second name, in the same folder. What stands there is replaced.</param>
    public static FileProblem? Keep(string path, string kept) => Change(path, "cannot be kept", folder =>
    {
        string name = Path.GetFileName(path);
        string keptName = Path.GetFileName(kept);
        return (Libc.UnlinkAt(folder, keptName, 0) == 0 || Marshal.GetLastPInvokeError() == Libc.ENOENT)
            && Libc.LinkAt(folder, name, folder, keptName, 0) == 0;
    });

    /// <summary>Gives a kept file its name back; what stands there is replaced in one step.</summary>
    public static FileProblem? PutBack(string kept, string path) => Change(path, "cannot be put back", folder =>
    {
        string keptName = Path.GetFileName(kept);
        // Between two names of one file rename(2) does nothing, and says that it was done.
        return Libc.RenameAt(folder, keptName, folder, Path.GetFileName(path)) == 0
            && (Libc.UnlinkAt(folder, keptName, 0) == 0 || Marshal.GetLastPInvokeError() == Libc.ENOENT);
    });

    /// <summary>Deletes a file, or the symbolic link of that name; nothing if there is none.</summary>
    public static FileProblem? Delete(string path) => Change(path, "cannot be deleted", folder =>
        Libc.UnlinkAt(folder, Path.GetFileName(path), 0) == 0 || Marshal.GetLastPInvokeError() == Libc.ENOENT);

    /// <summary>As <see cref="Delete"/>, without the disk's work where there is nothing to delete.</summary>
    public static FileProblem? DeleteIfThere(string path) => Stat(path, out Statx? stat) ?? (stat is null ? null : Delete(path));

    /// <summary>Writes a file: whole under another name, down to the disk, read back and looked at, and then in one step to its place.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="permissions">Its permissions.</param>
    /// <param name="check">Looks at what was read back; null if it is well, else what is wrong with it.</param>
    public static FileProblem? Write(string path, ReadOnlyMemory<byte> content, int permissions, Func<byte[], string?> check)
    {
        if (OpenFolder(path, out SafeFileHandle? folder) is { } problem)
        {
            return problem;
        }

        using (folder)
        {
            if (folder is null)
            {
                return FileProblem.NotWritable(path, "cannot be written", Libc.ENOENT);
            }

            string temporary = Path.GetFileName(TemporaryOf(path));
            if (WriteWhole(folder, temporary, path, content, permissions, check) is { } failed)
            {
                _ = Libc.UnlinkAt(folder, temporary, 0);
                return failed;
            }

            return Libc.RenameAt(folder, temporary, folder, Path.GetFileName(path)) == 0 && Libc.Fsync(folder) == 0
                ? null
                : FileProblem.NotWritable(path, "cannot be written", Marshal.GetLastPInvokeError());
        }
    }

    private static FileProblem? WriteWhole(
        SafeFileHandle folder, string temporary, string path, ReadOnlyMemory<byte> content, int permissions, Func<byte[], string?> check)
    {
        if (Libc.UnlinkAt(folder, temporary, 0) != 0 && Marshal.GetLastPInvokeError() is not Libc.ENOENT and var error)
        {
            return FileProblem.NotWritable(path, "cannot be written", error);
        }

        using SafeFileHandle file = Libc.OpenAt(
            folder, temporary, Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, permissions);
        if (file.IsInvalid)
        {
            return FileProblem.NotWritable(path, "cannot be written", Marshal.GetLastPInvokeError());
        }

        // What the process masks does not count.
        if (Libc.Fchmod(file, permissions) != 0)
        {
            return FileProblem.NotWritable(path, "cannot be written", Marshal.GetLastPInvokeError());
        }

        try
        {
            RandomAccess.Write(file, content.Span, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FileProblem(NodeReasons.NotWritable, $"{path} cannot be written: {e.Message}");
        }

        if (Libc.Fsync(file) != 0)
        {
            return FileProblem.NotWritable(path, "cannot be written", Marshal.GetLastPInvokeError());
        }

        if (ReadAll(file, path, out byte[]? back) is { } unreadable)
        {
            return unreadable;
        }

        string? wrong = content.Span.SequenceEqual(back) ? check(back!) : "it does not read back as it was written";
        return wrong is null ? null : new FileProblem(NodeReasons.NotWritable, $"{path} was left as it is, since what was to be written is not right: {wrong}");
    }

    private static FileProblem? ReadAll(SafeFileHandle file, string path, out byte[]? content)
    {
        content = null;
        try
        {
            using var stream = new MemoryStream();
            byte[] buffer = new byte[4096];
            for (int read; (read = RandomAccess.Read(file, buffer, stream.Length)) > 0 && stream.Length <= LongestFile;)
            {
                stream.Write(buffer, 0, read);
            }

            content = stream.ToArray();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FileProblem(NodeReasons.UnreadableExisting, $"{path} cannot be read: {e.Message}");
        }
    }

    private static FileProblem? Change(string path, string failure, Func<SafeFileHandle, bool> change)
    {
        if (OpenFolder(path, out SafeFileHandle? folder) is { } problem)
        {
            return problem;
        }

        using (folder)
        {
            if (folder is null)
            {
                return null;
            }

            return change(folder) && Libc.Fsync(folder) == 0 ? null : FileProblem.NotWritable(path, failure, Marshal.GetLastPInvokeError());
        }
    }

    // Null without a problem if there is no such folder.
    private static FileProblem? OpenFolder(string path, out SafeFileHandle? folder)
    {
        folder = null;
        string parent = Path.GetDirectoryName(path)!;
        SafeFileHandle opened = Libc.Open(parent, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        if (!opened.IsInvalid)
        {
            folder = opened;
            return null;
        }

        int error = Marshal.GetLastPInvokeError();
        opened.Dispose();
        return error == Libc.ENOENT ? null : FileProblem.NotReadable(path, error);
    }
}
