using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>Objects in this process's memory, for trying things out.</summary>
internal sealed class InMemoryStore : IObjectStore
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    public Task<long?> StatAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult<long?>(_objects.TryGetValue(key, out byte[]? content) ? content.Length : null);

    public Task<ObjectContent?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        if (!_objects.TryGetValue(key, out byte[]? content))
        {
            return Task.FromResult<ObjectContent?>(null);
        }

        int count = (int)Math.Min(length ?? long.MaxValue, content.Length - offset);
        return Task.FromResult<ObjectContent?>(new ObjectContent(content.Length, new MemoryStream(content, (int)offset, count, writable: false)));
    }

    public Task<bool> WriteAsync(string key, ReadOnlyMemory<byte> content, bool onlyIfAbsent, CancellationToken cancellationToken) =>
        Task.FromResult(Write(key, content.ToArray(), onlyIfAbsent));

    public Task<IPartWriter> BeginAsync(string key, CancellationToken cancellationToken) => Task.FromResult<IPartWriter>(new PartWriter(this, key));

    public Task CopyAsync(string source, string destination, CancellationToken cancellationToken)
    {
        _objects[destination] = _objects[source];
        return Task.CompletedTask;
    }

    public Task<bool> DeleteFolderAsync(string prefix, CancellationToken cancellationToken)
    {
        bool found = false;
        foreach (string key in _objects.Keys)
        {
            found |= key.StartsWith(prefix, StringComparison.Ordinal) && _objects.TryRemove(key, out _);
        }

        return Task.FromResult(found);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        _objects.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var children = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string key in _objects.Keys.Where(k => k.Length > prefix.Length && k.StartsWith(prefix, StringComparison.Ordinal)))
        {
            int slash = key.IndexOf('/', prefix.Length);
            string child = slash < 0 ? key[prefix.Length..] : key[prefix.Length..(slash + 1)];
            if (string.CompareOrdinal(child, after) > 0)
            {
                children.Add(child);
            }
        }

        foreach (string child in children)
        {
            yield return child.TrimEnd('/');
        }
    }

    public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _objects.Clear();

    private bool Write(string key, byte[] content, bool onlyIfAbsent)
    {
        if (onlyIfAbsent)
        {
            return _objects.TryAdd(key, content);
        }

        _objects[key] = content;
        return true;
    }

    private sealed class PartWriter(InMemoryStore store, string key) : IPartWriter
    {
        private readonly ConcurrentDictionary<int, byte[]> _parts = new();

        public Task WriteAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            _parts[number] = content.ToArray();
            return Task.CompletedTask;
        }

        public Task<bool> CompleteAsync(bool onlyIfAbsent, CancellationToken cancellationToken) =>
            Task.FromResult(store.Write(key, [.. _parts.OrderBy(p => p.Key).SelectMany(p => p.Value)], onlyIfAbsent));

        public ValueTask DisposeAsync()
        {
            _parts.Clear();
            return ValueTask.CompletedTask;
        }
    }
}
