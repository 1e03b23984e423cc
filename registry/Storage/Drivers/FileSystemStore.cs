using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>
/// Objects as files below one folder, laid out as Docker's registry lays them. A file is written beside its place and renamed into it,
/// so that no reader ever sees half of one.
/// </summary>
/// <param name="root">The folder; made when something is first written.</param>
internal sealed class FileSystemStore(string root) : IObjectStore
{
    private const char TemporaryMark = '.';

    private readonly string _root = Path.GetFullPath(root);

    public Task<long?> StatAsync(string key, CancellationToken cancellationToken) => Guard<long?>(key, () =>
    {
        var file = new FileInfo(PathOf(key));
        return Task.FromResult<long?>(file.Exists ? file.Length : null);
    });

    public Task<ObjectContent?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken) => Guard(key, () =>
    {
        var options = new FileStreamOptions { Mode = FileMode.Open, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        FileStream file;
        try
        {
            file = new FileStream(PathOf(key), options);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<ObjectContent?>(null);
        }

        file.Position = offset;
        Stream stream = length is { } count && offset + count < file.Length ? new BoundedStream(file, count) : file;
        return Task.FromResult<ObjectContent?>(new ObjectContent(file.Length, stream));
    });

    public Task<bool> WriteAsync(string key, ReadOnlyMemory<byte> content, bool onlyIfAbsent, CancellationToken cancellationToken) => Guard(key, async () =>
    {
        string path = PathOf(key);
        if (onlyIfAbsent && File.Exists(path))
        {
            return false;
        }

        string temporary = CreateTemporary(path);
        try
        {
            await using (var file = new FileStream(temporary, FileMode.Open, FileAccess.Write))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            return MoveIntoPlace(temporary, path, onlyIfAbsent);
        }
        finally
        {
            File.Delete(temporary);
        }
    });

    public Task<IPartWriter> BeginAsync(string key, CancellationToken cancellationToken) => Guard<IPartWriter>(key, () =>
    {
        string path = PathOf(key);
        return Task.FromResult<IPartWriter>(new PartWriter(this, key, new PartsSoFar(Path.GetFileName(CreateTemporary(path)), [])));
    });

    public IPartWriter Resume(string key, PartsSoFar parts) => new PartWriter(this, key, parts);

    // What else was to be renamed into its place and was not, when a process ended in the middle, is unfinished as well.
    public async IAsyncEnumerable<UnfinishedObject> ListUnfinishedAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<UnfinishedObject> unfinished = await Guard(prefix, () =>
        {
            var folder = new DirectoryInfo(PathOf(prefix));
            return Task.FromResult<List<UnfinishedObject>>(!folder.Exists ? [] :
            [
                .. folder.EnumerateFiles($"{TemporaryMark}*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                    .Select(f => new UnfinishedObject(Path.GetRelativePath(_root, f.FullName), f.Name, f.LastWriteTimeUtc)),
            ]);
        });
        foreach (UnfinishedObject each in unfinished)
        {
            yield return each;
        }
    }

    public Task AbortAsync(UnfinishedObject unfinished, CancellationToken cancellationToken) => Guard(unfinished.Key, () =>
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(PathOf(unfinished.Key))!);
        foreach (FileInfo file in folder.Exists ? folder.EnumerateFiles($"{unfinished.Id}*", new EnumerationOptions { AttributesToSkip = 0 }) : [])
        {
            file.Delete();
        }

        return Task.FromResult(true);
    });

    public Task CopyAsync(string source, string destination, long size, CancellationToken cancellationToken) => Guard(source, () =>
    {
        string path = PathOf(destination);
        string temporary = CreateTemporary(path);
        try
        {
            File.Copy(PathOf(source), temporary, overwrite: true);
            return Task.FromResult(MoveIntoPlace(temporary, path, onlyIfAbsent: false));
        }
        finally
        {
            File.Delete(temporary);
        }
    });

    public Task<bool> DeleteFolderAsync(string prefix, CancellationToken cancellationToken) => Guard(prefix, () =>
    {
        try
        {
            Directory.Delete(PathOf(prefix), recursive: true);
            return Task.FromResult(true);
        }
        catch (DirectoryNotFoundException)
        {
            return Task.FromResult(false);
        }
    });

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => Guard(key, () =>
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (DirectoryNotFoundException)
        {
            // It is gone, which is what was asked for.
        }

        return Task.FromResult(true);
    });

    // A folder has no order on disk, so its names are all read and sorted; those of the folders below it are not.
    public async IAsyncEnumerable<string> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string> keys = await Guard(prefix, () =>
        {
            var folder = new DirectoryInfo(PathOf(prefix));
            return Task.FromResult(folder.Exists ? Keys(folder, after) : []);
        });
        foreach (string key in keys)
        {
            yield return key.TrimEnd('/');
        }
    }

    public Task ProbeAsync(CancellationToken cancellationToken) => Guard(_root, () =>
    {
        Directory.CreateDirectory(_root);
        return Task.FromResult(true);
    });

    public void Dispose()
    {
    }

    private static List<string> Keys(DirectoryInfo folder, string? after) =>
    [
        .. folder.EnumerateFileSystemInfos()
            .Where(f => f.Name[0] != TemporaryMark)
            .Select(f => f is DirectoryInfo ? $"{f.Name}/" : f.Name)
            .Where(k => string.CompareOrdinal(k, after) > 0)
            .Order(StringComparer.Ordinal),
    ];

    private static bool MoveIntoPlace(string temporary, string path, bool onlyIfAbsent)
    {
        try
        {
            File.Move(temporary, path, overwrite: !onlyIfAbsent);
            return true;
        }
        catch (IOException) when (onlyIfAbsent && File.Exists(path))
        {
            return false;
        }
    }

    private static string CreateTemporary(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $"{TemporaryMark}{Path.GetRandomFileName()}");
        using FileStream file = File.Create(temporary);
        return temporary;
    }

    private static async Task<T> Guard<T>(string key, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StoreException(StoreFailure.Missing, $"the file system has lost {key}: {e.Message}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreException(StoreFailure.Denied, $"the file system refuses {key}: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new StoreException(StoreFailure.Unavailable, $"the file system fails on {key}: {e.Message}", e);
        }
    }

    private string PathOf(string key) => Path.Combine(_root, key);

    /// <summary>Writes each part into a file of its own, beside the empty one that stands for the whole and whose name theirs begin with.</summary>
    private sealed class PartWriter(FileSystemStore store, string key, PartsSoFar before) : IPartWriter
    {
        private readonly ConcurrentDictionary<int, WrittenPart> _parts = new(before.Parts.Select(p => KeyValuePair.Create(p.Number, p)));
        private readonly string _path = store.PathOf(key);
        private bool _left;

        public int First => before.Last + 1;

        public PartsSoFar Progress => new(before.Id, [.. _parts.Values.OrderBy(p => p.Number)]);

        private string Whole => Path.Combine(Path.GetDirectoryName(_path)!, before.Id);

        public Task WriteAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Guard(key, async () =>
        {
            string tag = $"{number}.{Path.GetRandomFileName()}";
            await File.WriteAllBytesAsync(PathOf(tag), content, cancellationToken);
            _parts[number] = new WrittenPart(number, tag, content.Length);
            return true;
        });

        public Task<bool> CompleteAsync(bool onlyIfAbsent, CancellationToken cancellationToken) => Guard(key, async () =>
        {
            IReadOnlyList<WrittenPart> parts = Progress.Parts;
            await using (var whole = new FileStream(Whole, FileMode.Open, FileAccess.Write))
            {
                whole.SetLength(0);
                foreach (WrittenPart part in parts)
                {
                    await using FileStream piece = File.OpenRead(PathOf(part.Tag));
                    await piece.CopyToAsync(whole, cancellationToken);
                }

                whole.Flush(flushToDisk: true);
            }

            if (!MoveIntoPlace(Whole, _path, onlyIfAbsent))
            {
                return false;
            }

            await AbortAsync();
            return true;
        });

        public void Leave() => _left = true;

        public async ValueTask DisposeAsync()
        {
            if (!_left)
            {
                await AbortAsync();
            }
        }

        private string PathOf(string tag) => $"{Whole}.{tag}";

        private Task AbortAsync() => store.AbortAsync(new UnfinishedObject(key, before.Id, default), CancellationToken.None);
    }
}
