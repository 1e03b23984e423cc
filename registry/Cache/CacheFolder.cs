using System.IO.Enumeration;
using LocalRegistry.Registry.Oci;
using Microsoft.Win32.SafeHandles;

// Modes of files: the registry runs on Linux alone.
#pragma warning disable CA1416

namespace LocalRegistry.Registry.Cache;

/// <summary>
/// The cache's folder: <c>content/&lt;algorithm&gt;/&lt;2 hex&gt;/&lt;hex&gt;</c> and <c>records/&lt;2 hex&gt;/&lt;hex&gt;</c> hold whole files, which get there by
/// renaming alone; <c>filling/</c> holds those that are being written. A file's times tell of it: the access of its last use, which agrees with what
/// the kernel itself writes there, and the modification of its last verification.
/// </summary>
internal sealed class CacheFolder : IDisposable
{
    /// <summary>The file that says that a folder is a cache's, so that nobody else's files are ever deleted.</summary>
    public const string Marker = "localregistry-cache";

    private const string MarkerText = "A registry keeps its cache here. Whatever is in this folder may be deleted while no registry uses it.\n";
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private CacheFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Takes a folder for this process alone, and deletes what another one left unfinished in it.</summary>
    /// <param name="path">The folder. One that is not there is made; one that is not empty must be a cache's.</param>
    /// <param name="problem">Why it cannot be used, and what to do; null if it can.</param>
    public static CacheFolder? Open(string path, out string? problem)
    {
        FileStream? held = null;
        try
        {
            path = System.IO.Path.GetFullPath(path);
            Directory.CreateDirectory(path, FolderMode);
            string marker = System.IO.Path.Combine(path, Marker);
            if (!File.Exists(marker))
            {
                // What a file system of its own begins with.
                if (Directory.EnumerateFileSystemEntries(path).Any(e => System.IO.Path.GetFileName(e) != "lost+found"))
                {
                    problem = $"{path} is neither empty nor a cache, so nothing in it is touched: name an empty folder or a new one with --cache";
                    return null;
                }

                using FileStream file = Create(marker, 0);
                file.Write(System.Text.Encoding.ASCII.GetBytes(MarkerText));
            }

            held = Lock(System.IO.Path.Combine(path, "lock"));
            if (held is null)
            {
                problem = $"another process holds {path}/lock: two registries cannot share one folder, so end the other (lslocks names it) or name another folder with --cache";
                return null;
            }

            var folder = new CacheFolder(path, held);
            foreach (string name in (string[])["content", "content/sha256", "content/sha512", "records", "filling"])
            {
                Directory.CreateDirectory(System.IO.Path.Combine(path, name), FolderMode);
            }

            foreach (string left in Directory.EnumerateFiles(folder.Filling))
            {
                File.Delete(left);
            }

            held = null;
            problem = null;
            return folder;
        }
        catch (Exception e) when (IsDiskFailure(e))
        {
            problem = $"{path} cannot be used: {e.Message}";
            return null;
        }
        finally
        {
            held?.Dispose();
        }
    }

    /// <summary>Whether an exception is one of the file system's.</summary>
    public static bool IsDiskFailure(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>Where content lies, if it lies here.</summary>
    public string PathOf(Digest digest) => System.IO.Path.Join(Path, "content", $"{digest.Algorithm.Name}/{digest.Hex.AsSpan(0, 2)}/{digest.Hex}");

    /// <summary>Where an entry lies; null if it is one whose name has to be looked up, and is not there.</summary>
    public string? PathOf(EntryKey key, EntryKind kind)
    {
        string name = key.ToName(kind);
        string folder = System.IO.Path.Join(RootOf(kind), name.AsSpan(0, 2));
        return kind == EntryKind.Sha512
            ? Directory.Exists(folder) ? Directory.EnumerateFiles(folder, name + "*").FirstOrDefault() : null
            : System.IO.Path.Join(folder, name);
    }

    /// <summary>Where an entry lies; null if it is not there.</summary>
    public string? Find(EntryKey key, EntryKind kind)
    {
        try
        {
            return PathOf(key, kind) is { } path && File.Exists(path) ? path : null;
        }
        catch (Exception e) when (IsDiskFailure(e))
        {
            return null;
        }
    }

    /// <summary>Creates a file to be filled, with all the room that it will take.</summary>
    /// <exception cref="IOException">There is no such room.</exception>
    public FileStream CreateFilling(long size)
    {
        string path = System.IO.Path.Join(Filling, Guid.NewGuid().ToString("N"));
        try
        {
            return Create(path, size);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody has emptied the cache.
            Directory.CreateDirectory(Filling, FolderMode);
            return Create(path, size);
        }
    }

    /// <summary>Puts a file that is whole into its place.</summary>
    public static void Publish(string filling, string path)
    {
        try
        {
            File.Move(filling, path, overwrite: true);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!, FolderMode);
            File.Move(filling, path, overwrite: true);
        }
    }

    /// <summary>Deletes a file; one that is gone or cannot be deleted is left.</summary>
    public static void Delete(string? path)
    {
        try
        {
            if (path is not null)
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (IsDiskFailure(e))
        {
            // It is found again at the next start, and counted.
        }
    }

    /// <summary>Deletes an entry; one that is gone or cannot be deleted is left.</summary>
    public void Delete(EntryKey key, EntryKind kind)
    {
        try
        {
            Delete(PathOf(key, kind));
        }
        catch (Exception e) when (IsDiskFailure(e))
        {
            // As said above.
        }
    }

    /// <summary>Writes a file's times; what keeps them from being written only makes the next process know less.</summary>
    public static void Stamp(SafeFileHandle file, DateTimeOffset used, DateTimeOffset? verified)
    {
        try
        {
            if (verified is { } moment)
            {
                File.SetLastWriteTimeUtc(file, moment.UtcDateTime);
            }

            File.SetLastAccessTimeUtc(file, used.UtcDateTime);
        }
        catch (Exception e) when (IsDiskFailure(e))
        {
            // As said above.
        }
    }

    /// <summary>Tells an index of every entry.</summary>
    public void Enumerate(CacheIndex index)
    {
        foreach (EntryKind kind in Enum.GetValues<EntryKind>())
        {
            foreach (string folder in Directory.EnumerateDirectories(RootOf(kind)))
            {
                var entries = new FileSystemEnumerable<(EntryKey Key, long Length, DateTimeOffset Used, DateTimeOffset Verified)>(
                    folder,
                    (ref FileSystemEntry e) => (EntryKey.TryParse(e.FileName, kind, out EntryKey key) ? key : default, e.Length, e.LastAccessTimeUtc, e.LastWriteTimeUtc))
                {
                    ShouldIncludePredicate = (ref FileSystemEntry e) => EntryKey.TryParse(e.FileName, kind, out _),
                };
                foreach ((EntryKey key, long length, DateTimeOffset used, DateTimeOffset verified) in entries)
                {
                    index.Found(key, kind, length, used, verified);
                }
            }
        }
    }

    /// <summary>The bytes of the file system that are free for this process, and all that it has.</summary>
    public (long Free, long Total) Space()
    {
        var drive = new DriveInfo(Path);
        return (drive.AvailableFreeSpace, drive.TotalSize);
    }

    public void Dispose() => _lock.Dispose();

    private string Filling => System.IO.Path.Join(Path, "filling");

    private string RootOf(EntryKind kind) => System.IO.Path.Join(Path, kind switch
    {
        EntryKind.Sha256 => "content/sha256",
        EntryKind.Sha512 => "content/sha512",
        _ => "records",
    });

    // The system lets go of it when the process ends, however it ends. Without sharing, .NET takes flock(2).
    private static FileStream? Lock(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = System.IO.FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = FileMode,
            });
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static FileStream Create(string path, long size) => new(path, new FileStreamOptions
    {
        Mode = System.IO.FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        PreallocationSize = size,
        UnixCreateMode = FileMode,
    });
}
