using System.Buffers.Binary;
using System.Text;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Telemetry;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Cache;

/// <summary>What lies in an open cache: content and records, held to their size. None of the calls fails for what the disk does unless it says so.</summary>
internal sealed class CacheEntries : IDisposable
{
    /// <summary>So many large objects are written at once.</summary>
    private const int MaximumGrowing = 16;

    /// <summary>After the disk had no room, it is not asked again for so long.</summary>
    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(10);

    private readonly CacheFolder _folder;
    private readonly CacheIndex _index = new();
    private readonly CacheSpace _space;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _growing;
    private long _refusedUntil;

    public CacheEntries(CacheFolder folder, NodeCacheSettings settings, TimeProvider time, CacheMetrics? metrics = null)
    {
        (_folder, _time) = (folder, time);
        _space = new CacheSpace(folder, _index, settings, metrics);
    }

    public CacheFolder Folder => _folder;

    public CacheIndex Index => _index;

    public CacheSpace Space => _space;

    /// <summary>Whether nothing more can be taken now, for want of room or because enough is on its way.</summary>
    public bool IsBusy => Volatile.Read(ref _growing) >= MaximumGrowing || _time.GetUtcNow().UtcTicks < Volatile.Read(ref _refusedUntil);

    /// <summary>Looks for all that another process has left. Content that is there is found before that; room is made only afterwards.</summary>
    public void Load()
    {
        try
        {
            _folder.Enumerate(_index);
            _index.IsComplete = true;
            _space.Restore();
        }
        finally
        {
            _loaded.TrySetResult();
        }
    }

    /// <summary>The size of content in bytes; null if it is not there.</summary>
    public long? SizeOf(Digest digest)
    {
        if (_index.IsComplete && !_index.Contains(EntryKey.Of(digest)))
        {
            return null;
        }

        var file = new FileInfo(_folder.PathOf(digest));
        return file is { Exists: true, Length: > 0 } ? file.Length : null;
    }

    /// <summary>Opens content, and says that it is used; null if it is not there.</summary>
    public SafeFileHandle? Open(Digest digest, out long size)
    {
        size = 0;
        EntryKey key = EntryKey.Of(digest);
        SafeFileHandle? file = Open(key, _folder.PathOf(digest));
        size = file is null ? 0 : RandomAccess.GetLength(file);
        if (size > 0)
        {
            Use(key, KindOf(digest), file!, size);
            return file;
        }

        if (file is not null)
        {
            file.Dispose();
            _index.Remove(key);
        }

        return null;
    }

    /// <summary>Deletes content.</summary>
    public void Drop(Digest digest)
    {
        _index.Remove(EntryKey.Of(digest));
        CacheFolder.Delete(_folder.PathOf(digest));
    }

    /// <summary>Creates a file for content that comes piece by piece, with all of its room.</summary>
    /// <param name="size">The bytes that will come.</param>
    /// <returns>Null if there is no room; else <see cref="Release"/> must follow.</returns>
    public async Task<FileStream?> CreateAsync(long size)
    {
        await _loaded.Task;
        if (Interlocked.Increment(ref _growing) > MaximumGrowing)
        {
            Interlocked.Decrement(ref _growing);
            return null;
        }

        if (CreateReserved(size) is { } file)
        {
            return file;
        }

        Interlocked.Decrement(ref _growing);
        return null;
    }

    /// <summary>Ends what <see cref="CreateAsync"/> began, after <see cref="Publish"/> or without it.</summary>
    public void Release(long size)
    {
        Interlocked.Decrement(ref _growing);
        _space.Release(size);
    }

    /// <summary>Makes an entry of a file that was seen to have its digest.</summary>
    /// <exception cref="DiskFailureException">The disk refuses.</exception>
    public Task PublishAsync(Digest digest, SafeFileHandle file, string path, long size) => AsideAsync(() =>
    {
        Publish(digest, file, path, size);
        return true;
    });

    /// <summary>Makes an entry of content that was seen to have its digest.</summary>
    /// <returns>Whether there is one.</returns>
    public async Task<bool> SaveAsync(Digest digest, ReadOnlyMemory<byte> content)
    {
        await _loaded.Task;
        return !content.IsEmpty && await AsideAsync(() => Write(content.Span, (file, path) => Publish(digest, file, path, content.Length)));
    }

    /// <summary>The value of a record; null if there is none.</summary>
    public byte[]? ReadRecord(string text)
    {
        EntryKey key = EntryKey.OfRecord(text);
        using SafeFileHandle? file = Open(key, _folder.PathOf(key, EntryKind.Record)!);
        if (file is null)
        {
            return null;
        }

        try
        {
            byte[] bytes = new byte[RandomAccess.GetLength(file)];
            int read = RandomAccess.Read(file, bytes, 0);
            byte[] name = Encoding.UTF8.GetBytes(text);
            int value = sizeof(ushort) + name.Length;
            if (read < value || BinaryPrimitives.ReadUInt16LittleEndian(bytes) != name.Length || !bytes.AsSpan(sizeof(ushort), name.Length).SequenceEqual(name))
            {
                return null;
            }

            Use(key, EntryKind.Record, file, bytes.Length);
            return bytes[value..read];
        }
        catch (Exception e) when (CacheFolder.IsDiskFailure(e))
        {
            return null;
        }
    }

    /// <summary>Puts a record in place of the one that there was.</summary>
    public void WriteRecord(string text, ReadOnlySpan<byte> value)
    {
        byte[] name = Encoding.UTF8.GetBytes(text);
        byte[] bytes = new byte[sizeof(ushort) + name.Length + value.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)name.Length));
        name.CopyTo(bytes, sizeof(ushort));
        value.CopyTo(bytes.AsSpan(sizeof(ushort) + name.Length));
        EntryKey key = EntryKey.OfRecord(text);

        // It is a hint of a single block, so that nothing is gained by waiting for the disk; half of one is never seen.
        if (_index.IsComplete && Write(bytes, (_, path) => CacheFolder.Publish(path, _folder.PathOf(key, EntryKind.Record)!)))
        {
            DateTimeOffset now = _time.GetUtcNow();
            _index.Set(key, EntryKind.Record, bytes.Length, now, now);
        }
        else
        {
            // What is not true any more must not stay.
            RemoveRecord(text);
        }
    }

    public void RemoveRecord(string text)
    {
        EntryKey key = EntryKey.OfRecord(text);
        _index.Remove(key);
        _folder.Delete(key, EntryKind.Record);
    }

    public void Dispose() => _folder.Dispose();

    // The disk may take seconds to have the bytes. A thread of its own waits for it: the pool's are few, and serve everybody.
    private static Task<bool> AsideAsync(Func<bool> write) =>
        Task.Factory.StartNew(write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Publish(Digest digest, SafeFileHandle file, string path, long size)
    {
        try
        {
            // After the node has lost its power, a name may be on disk and the bytes not. So these come first; clients do not wait for it.
            RandomAccess.FlushToDisk(file);
            DateTimeOffset now = _time.GetUtcNow();
            CacheFolder.Stamp(file, now, now);
            CacheFolder.Publish(path, _folder.PathOf(digest));
            _index.Set(EntryKey.Of(digest), KindOf(digest), size, now, now);
        }
        catch (Exception e) when (CacheFolder.IsDiskFailure(e))
        {
            throw new DiskFailureException($"{path} cannot be made an entry: {e.Message}", e);
        }
    }

    private static EntryKind KindOf(Digest digest) => digest.Algorithm == DigestAlgorithm.Sha256 ? EntryKind.Sha256 : EntryKind.Sha512;

    private SafeFileHandle? Open(EntryKey key, string path)
    {
        // An exception costs more than a question.
        if (_index.IsComplete ? !_index.Contains(key) : !File.Exists(path))
        {
            return null;
        }

        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (CacheFolder.IsDiskFailure(e))
        {
            _index.Remove(key);
            return null;
        }
    }

    private void Use(EntryKey key, EntryKind kind, SafeFileHandle file, long size)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (!_index.IsComplete)
        {
            _index.Found(key, kind, size, File.GetLastAccessTimeUtc(file), File.GetLastWriteTimeUtc(file));
        }

        if (_index.Use(key, now))
        {
            CacheFolder.Stamp(file, now, verified: null);
        }
    }

    private FileStream? CreateReserved(long size)
    {
        if (!_space.Reserve(size))
        {
            Refuse(size);
            return null;
        }

        try
        {
            return _folder.CreateFilling(size);
        }
        catch (Exception e) when (CacheFolder.IsDiskFailure(e))
        {
            _space.Release(size);
            Refuse(size);
            return null;
        }
    }

    // A large one that finds no room says nothing of others.
    private void Refuse(long size)
    {
        if (size <= GrowingFile.BlockSize)
        {
            Volatile.Write(ref _refusedUntil, (_time.GetUtcNow() + RefusalTime).UtcTicks);
        }
    }

    private bool Write(ReadOnlySpan<byte> bytes, Action<SafeFileHandle, string> publish)
    {
        if (CreateReserved(bytes.Length) is not { } file)
        {
            return false;
        }

        using (file)
        {
            try
            {
                RandomAccess.Write(file.SafeFileHandle, bytes, 0);
                publish(file.SafeFileHandle, file.Name);
                return true;
            }
            catch (Exception e) when (CacheFolder.IsDiskFailure(e) || e is DiskFailureException)
            {
                CacheFolder.Delete(file.Name);
                return false;
            }
            finally
            {
                _space.Release(bytes.Length);
            }
        }
    }
}
