using System.Runtime.CompilerServices;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>
/// Walks the folders of repositories depth first, in the store's order, from a place in the middle on. What lies wholly before that place is not
/// looked at, nor what is not served. It holds one run of the store's list for each component of the name it is at.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="served">Which repositories are served.</param>
/// <param name="position">Where the walk begins.</param>
internal sealed class RepositoryWalk(IObjectStore store, MirrorTable served, ListPosition position)
{
    private const string Manifests = "_manifests";

    // A repository's own folders begin with an underscore, which no component of a name does: after this they come, before all letters.
    private const string BeforeOwn = "_";

    // As many as S3 gives in one answer.
    private const int LookAhead = 1000;

    /// <summary>The repositories that hold manifests, ordered by their names with a slash at the end: all that come after the position, maybe others.</summary>
    public IAsyncEnumerable<string> RunAsync(CancellationToken cancellationToken) => FromAsync("", position, cancellationToken);

    /// <summary>Whether there is such a repository, and it is served.</summary>
    public async Task<bool> HasAsync(string name, CancellationToken cancellationToken)
    {
        if (!RepositoryName.TryParse(name, out _) || !served.Serves(name))
        {
            return false;
        }

        await foreach (string child in store.ListAsync(FolderOf(name), BeforeOwn, cancellationToken))
        {
            if (child == Manifests)
            {
                return true;
            }

            if (child[0] > '_')
            {
                return false;
            }
        }

        return false;
    }

    private static string FolderOf(string name) => $"{KeyLayout.Repositories}{name}/";

    /// <summary>What lies in a folder after a place in it.</summary>
    private async IAsyncEnumerable<string> FromAsync(string folder, ListPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int slash = after.Value.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            // The place lies in one of the folders: first what is left of that one, then those after it.
            string component = after.Value[..slash];
            if (RepositoryName.TryParse(folder + component, out _) && served.ServesBelow($"{folder}{component}/"))
            {
                await foreach (string name in FromAsync($"{folder}{component}/", new ListPosition(after.Value[(slash + 1)..]), cancellationToken))
                {
                    yield return name;
                }
            }
        }

        await foreach (string child in store.ListAsync(KeyLayout.Repositories + folder, after.InFolder, cancellationToken))
        {
            if (IsWorthLookingAt(folder + child))
            {
                await foreach (string name in WholeAsync(folder + child, cancellationToken))
                {
                    yield return name;
                }
            }
        }
    }

    /// <summary>A repository and what lies below it.</summary>
    private async IAsyncEnumerable<string> WholeAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!served.ServesBelow($"{name}/"))
        {
            if (await HasAsync(name, cancellationToken))
            {
                yield return name;
            }

            yield break;
        }

        await using IAsyncEnumerator<string> children = store.ListAsync(FolderOf(name), cancellationToken).GetAsyncEnumerator(cancellationToken);

        // The name comes before what lies below it, but the folder that says whether it is a repository comes after what begins with a digit.
        var ahead = new List<string>();
        bool? isRepository = position.IsBefore(name) && served.Serves(name) ? null : false;
        while (isRepository is null)
        {
            if (ahead.Count == LookAhead)
            {
                isRepository = await HasAsync(name, cancellationToken);
            }
            else if (!await children.MoveNextAsync())
            {
                isRepository = false;
            }
            else
            {
                ahead.Add(children.Current);
                isRepository = children.Current == Manifests ? true : children.Current[0] > '_' ? false : null;
            }
        }

        if (isRepository is true)
        {
            yield return name;
        }

        for (int i = 0; i < ahead.Count || await children.MoveNextAsync(); i++)
        {
            string child = $"{name}/{(i < ahead.Count ? ahead[i] : children.Current)}";
            if (IsWorthLookingAt(child))
            {
                await foreach (string below in WholeAsync(child, cancellationToken))
                {
                    yield return below;
                }
            }
        }
    }

    // What is no name cannot be asked for either, and need not lie in the order of names.
    private bool IsWorthLookingAt(string name) =>
        RepositoryName.TryParse(name, out _) && ((position.IsBefore(name) && served.Serves(name)) || served.ServesBelow($"{name}/"));
}
