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
        return Task.FromResult<IPartWriter>(new PartWriter(this, key, path, CreateTemporary(path)));
    });

    public Task CopyAsync(string source, string destination, CancellationToken cancellationToken) => Guard(source, () =>
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

    private sealed class PartWriter(FileSystemStore store, string key, string path, string temporary) : IPartWriter
    {
        private readonly SortedDictionary<int, string> _parts = [];

        public async Task WriteAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            string part = $"{temporary}.{number}";
            lock (_parts)
            {
                _parts[number] = part;
            }

            await Guard(key, async () =>
            {
                await File.WriteAllBytesAsync(part, content, cancellationToken);
                return true;
            });
        }

        public Task<bool> CompleteAsync(bool onlyIfAbsent, CancellationToken cancellationToken) => Guard(key, async () =>
        {
            await using (var whole = new FileStream(temporary, FileMode.Open, FileAccess.Write))
            {
                foreach (string part in _parts.Values)
                {
                    await using (FileStream piece = File.OpenRead(part))
                    {
                        await piece.CopyToAsync(whole, cancellationToken);
                    }

                    File.Delete(part);
                }

                whole.Flush(flushToDisk: true);
            }

            return MoveIntoPlace(temporary, path, onlyIfAbsent);
        });

        public async ValueTask DisposeAsync()
        {
            foreach (string part in _parts.Values)
            {
                await store.DeleteAsync(part, CancellationToken.None);
            }

            await store.DeleteAsync(temporary, CancellationToken.None);
        }
    }
}
