using System.Collections.Concurrent;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>A store whose calls fail, or wait, when a test says so.</summary>
/// <param name="inner">The store that does the work.</param>
internal sealed class FaultyStore(IObjectStore inner) : IObjectStore
{
    /// <summary>Runs before each call, and is told the method; what it throws, the call throws.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs after <see cref="Before"/> in calls that read, and is told the method and the key.</summary>
    public Func<string, string, Task> BeforeReading { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Runs when an object was looked for, before the caller is told, with the method and the key.</summary>
    public Func<string, string, Task> AfterReading { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The calls on objects so far, each as <c>StatAsync key</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Gives objects' bytes another form on their way out.</summary>
    public Func<Stream, Stream> Through { get; set; } = stream => stream;

    /// <summary>Opens an object from the given offset on in the store's place; null to leave it to the store.</summary>
    public Func<string, long, ObjectContent?> Instead { get; set; } = (_, _) => null;

    /// <summary>A failure of the store as a driver reports it.</summary>
    public static StoreException Failure(StoreFailure kind = StoreFailure.Unavailable) => new(kind, "the test says so", new IOException("connection reset"));

    /// <summary>Makes the named methods fail until further notice.</summary>
    public void Fail(StoreFailure kind, params string[] methods) =>
        Before = method => methods.Contains(method) ? Task.FromException(Failure(kind)) : Task.CompletedTask;

    public async Task<long?> StatAsync(string key, CancellationToken cancellationToken)
    {
        await BeginReadingAsync(nameof(StatAsync), key, cancellationToken);
        long? size = await inner.StatAsync(key, cancellationToken);
        await AfterReading(nameof(StatAsync), key);
        return size;
    }

    public async Task<ObjectContent?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        await BeginReadingAsync(nameof(OpenAsync), key, cancellationToken);
        if (Instead(key, offset) is { } other)
        {
            return other;
        }

        ObjectContent? content = await inner.OpenAsync(key, offset, length, cancellationToken);
        await AfterReading(nameof(OpenAsync), key);
        return content is null ? null : new ObjectContent(content.Size, Through(content.Stream));
    }

    public async Task<bool> WriteAsync(string key, ReadOnlyMemory<byte> content, bool onlyIfAbsent, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"{nameof(WriteAsync)} {key}");
        await Before(nameof(WriteAsync));
        return await inner.WriteAsync(key, content, onlyIfAbsent, cancellationToken);
    }

    public async Task<IPartWriter> BeginAsync(string key, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"{nameof(BeginAsync)} {key}");
        await Before(nameof(BeginAsync));
        return new PartWriter(this, await inner.BeginAsync(key, cancellationToken));
    }

    public IPartWriter Resume(string key, PartsSoFar parts) => new PartWriter(this, inner.Resume(key, parts));

    public async IAsyncEnumerable<UnfinishedObject> ListUnfinishedAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Before(nameof(ListUnfinishedAsync));
        await foreach (UnfinishedObject unfinished in inner.ListUnfinishedAsync(prefix, cancellationToken))
        {
            yield return unfinished;
        }
    }

    public async Task AbortAsync(UnfinishedObject unfinished, CancellationToken cancellationToken)
    {
        await Before(nameof(AbortAsync));
        await inner.AbortAsync(unfinished, cancellationToken);
    }

    public async Task CopyAsync(string source, string destination, long size, CancellationToken cancellationToken)
    {
        await Before(nameof(CopyAsync));
        await inner.CopyAsync(source, destination, size, cancellationToken);
    }

    public async Task<bool> DeleteFolderAsync(string prefix, CancellationToken cancellationToken)
    {
        await Before(nameof(DeleteFolderAsync));
        return await inner.DeleteFolderAsync(prefix, cancellationToken);
    }

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"{nameof(DeleteAsync)} {key}");
        await Before(nameof(DeleteAsync));
        await inner.DeleteAsync(key, cancellationToken);
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Before(nameof(ListAsync));
        await foreach (string name in inner.ListAsync(prefix, after, cancellationToken))
        {
            yield return name;
        }
    }

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await Before(nameof(ProbeAsync));
        await inner.ProbeAsync(cancellationToken);
    }

    public void Dispose() => inner.Dispose();

    private async Task BeginReadingAsync(string method, string key, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"{method} {key}");
        await Before(method);
        await BeforeReading(method, key).WaitAsync(cancellationToken);
    }

    private sealed class PartWriter(FaultyStore store, IPartWriter inner) : IPartWriter
    {
        private bool _left;

        public async Task WriteAsync(int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            await store.Before("PartAsync");
            await inner.WriteAsync(number, content, cancellationToken);
        }

        public async Task<bool> CompleteAsync(bool onlyIfAbsent, CancellationToken cancellationToken)
        {
            await store.Before("CompleteAsync");
            return await inner.CompleteAsync(onlyIfAbsent, cancellationToken);
        }

        public int First => inner.First;

        public PartsSoFar Progress => inner.Progress;

        public void Leave()
        {
            _left = true;
            inner.Leave();
        }

        public async ValueTask DisposeAsync()
        {
            await (_left ? Task.CompletedTask : store.Before("AbortAsync"));
            await inner.DisposeAsync();
        }
    }
}
