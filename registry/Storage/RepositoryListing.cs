using System.Runtime.CompilerServices;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>Lists tags and repositories in lexical order, a page at a time. A page reads from the store what it holds, not what comes before or after.</summary>
internal sealed class RepositoryListing(IObjectStore store)
{
    // After this come the folders of a repository itself, before the repositories below it.
    private const string BeforeOwn = "_";

    /// <summary>A page of a repository's tags; null if there is no such repository.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="position">Where the page begins.</param>
    /// <param name="count">How many tags it holds at most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ListPage?> TagsAsync(RepositoryName name, ListPosition position, int count, CancellationToken cancellationToken)
    {
        ListPage page = count == 0 ? ListPage.Empty : await ListPage.ReadAsync(
            TagsAfterAsync(name, position, cancellationToken), position, count, tag => HasTagAsync(name, tag, cancellationToken), cancellationToken);
        return page.Entries.Count > 0 || await ExistsAsync(name, cancellationToken) ? page : null;
    }

    /// <summary>A page of the names of all repositories that hold manifests and are served.</summary>
    /// <param name="served">Which repositories are served.</param>
    /// <param name="position">Where the page begins.</param>
    /// <param name="count">How many names it holds at most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ListPage> RepositoriesAsync(MirrorTable served, ListPosition position, int count, CancellationToken cancellationToken)
    {
        if (count == 0)
        {
            return ListPage.Empty;
        }

        var walk = new RepositoryWalk(store, served, position, count + 1);
        return await ListPage.ReadAsync(walk.RunAsync(cancellationToken), position, count, name => walk.HasAsync(name, cancellationToken), cancellationToken);
    }

    private async IAsyncEnumerable<string> TagsAfterAsync(RepositoryName name, ListPosition position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string tag in store.ListAsync(KeyLayout.Tags(name), position.InFolder, cancellationToken))
        {
            if (Reference.IsTag(tag))
            {
                yield return tag;
            }
        }
    }

    private async Task<bool> HasTagAsync(RepositoryName name, string tag, CancellationToken cancellationToken)
    {
        if (!Reference.IsTag(tag))
        {
            return false;
        }

        await using IAsyncEnumerator<string> links = store.ListAsync($"{KeyLayout.Tags(name)}{tag}/", cancellationToken).GetAsyncEnumerator(cancellationToken);
        return await links.MoveNextAsync();
    }

    private async Task<bool> ExistsAsync(RepositoryName name, CancellationToken cancellationToken)
    {
        await foreach (string child in store.ListAsync($"{KeyLayout.Repositories}{name}/", BeforeOwn, cancellationToken))
        {
            if (child is "_manifests" or "_layers")
            {
                return true;
            }

            if (child is [> '_', ..])
            {
                return false;
            }
        }

        return false;
    }
}
