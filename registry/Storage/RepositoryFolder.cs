namespace LocalRegistry.Registry.Storage;

/// <summary>A folder of repositories that a walk has begun to list, as far as it took to learn whether it is a repository itself.</summary>
/// <param name="name">The folder's name, which is a repository's name.</param>
/// <param name="isRepository">Whether it is a repository that the walk is to give.</param>
/// <param name="read">The names of what lies in it that were read.</param>
/// <param name="rest">Gives those that were not; null if nothing below it is to be looked at.</param>
internal sealed class RepositoryFolder(string name, bool isRepository, IReadOnlyList<string> read, IAsyncEnumerator<string>? rest) : IAsyncDisposable
{
    /// <summary>The folder's name.</summary>
    public string Name => name;

    /// <summary>Whether it is a repository that the walk is to give.</summary>
    public bool IsRepository => isRepository;

    /// <summary>The names of what lies in it, in the store's order. They can be gone through once.</summary>
    public async IAsyncEnumerable<string> ChildrenAsync()
    {
        foreach (string child in read)
        {
            yield return child;
        }

        while (rest is not null && await rest.MoveNextAsync())
        {
            yield return rest.Current;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => rest?.DisposeAsync() ?? ValueTask.CompletedTask;
}
