using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace LocalRegistry.Registry.Storage.Drivers;

/// <summary>Objects in this process's memory, for trying things out.</summary>
/// <param name="time">Says when an object was begun; null for the system's clock.</param>
internal sealed class InMemoryStore(TimeProvider? time = null) : IObjectStore
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Construction> _constructions = new(StringComparer.Ordinal);

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

    public Task<IPartWriter> BeginAsync(string key, CancellationToken cancellationToken)
    {
        string id = Guid.NewGuid().ToString();
        _constructions[id] = new Construction(key, _time.GetUtcNow());
        return Task.FromResult<IPartWriter>(new PartWriter(this, key, new PartsSoFar(id, [])));
    }

    public IPartWriter Resume(string key, PartsSoFar parts) => new PartWriter(this, key, parts);

    public async IAsyncEnumerable<UnfinishedObject> ListUnfinishedAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach ((string id, Construction construction) in _constructions.Where(c => c.Value.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            yield return new UnfinishedObject(construction.Key, id, construction.Begun);
        }
    }

    public Task AbortAsync(UnfinishedObject unfinished, CancellationToken cancellationToken)
    {
        _constructions.TryRemove(unfinished.Id, out _);
        return Task.CompletedTask;
    }

    public Task CopyAsync(string source, string destination, long size, CancellationToken cancellationToken)
    {
        _objects[destination] = _objects.TryGetValue(source, out byte[]? content)
            ? content
            : throw new StoreException(StoreFailure.Missing, $"{source} was written and is not there", new FileNotFoundException(source));
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

    public void Dispose()
    {
        _objects.Clear();
        _constructions.Clear();
    }

    private bool Write(string key, byte[] content, bool onlyIfAbsent)
    {
        if (onlyIfAbsent)
        {
            return _objects.TryAdd(key, content);
        }

        _objects[key] = content;
        return true;
    }

    /// <summary>The parts of an object under construction, by their tags.</summary>
    private sealed record Construction(string Key, DateTimeOffset Begun)
    {
        public ConcurrentDictionary<string, byte[]> Parts { get; } = new(StringComparer.Ordinal);
    }

    private sealed class PartWriter(InMemoryStore store, string key, PartsSoFar before) : IPartWriter
    {
        private readonly ConcurrentDictionary<int, WrittenPart> _parts = new(before.Parts.Select(p => KeyValuePair.Create(p.Number, p)));
        private bool _left;

        public int First => before.Last + 1;

        public PartsSoFar Progress => new(before.Id, [.. _parts.Values.OrderBy(p => p.Number)]);

        public Task WriteAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            string tag = Guid.NewGuid().ToString();
            Parts()[tag] = content.ToArray();
            _parts[number] = new WrittenPart(number, tag, content.Length);
            return Task.CompletedTask;
        }

        public Task<bool> CompleteAsync(bool onlyIfAbsent, CancellationToken cancellationToken)
        {
            ConcurrentDictionary<string, byte[]> parts = Parts();
            bool written = store.Write(key, [.. Progress.Parts.SelectMany(p => parts[p.Tag])], onlyIfAbsent);
            if (written)
            {
                store._constructions.TryRemove(before.Id, out _);
            }

            return Task.FromResult(written);
        }

        public void Leave() => _left = true;

        public ValueTask DisposeAsync()
        {
            if (!_left)
            {
                store._constructions.TryRemove(before.Id, out _);
            }

            return ValueTask.CompletedTask;
        }

        private ConcurrentDictionary<string, byte[]> Parts() => store._constructions.TryGetValue(before.Id, out Construction? construction)
            ? construction.Parts
            : throw new StoreException(StoreFailure.Missing, $"{key} is not under construction", new FileNotFoundException(before.Id));
    }
}
