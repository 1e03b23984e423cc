using System.Runtime.CompilerServices;
using LocalRegistry.Registry.Mirror;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>
/// Walks the folders of repositories depth first, in the store's order, from a place in the middle on. What lies wholly before that place is not
/// looked at, nor what is not served. To learn whether a folder is a repository takes a call to the store, so while one is being waited for, the
/// next ones of the same folder are opened too: never more than there are names wanted, which for repositories side by side is never one too many.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="served">Which repositories are served.</param>
/// <param name="position">Where the walk begins.</param>
/// <param name="wanted">How many names the walk is asked for at most.</param>
internal sealed class RepositoryWalk(IObjectStore store, MirrorTable served, ListPosition position, int wanted)
{
    private const string Manifests = "_manifests";

    // A repository's own folders begin with an underscore, which no component of a name does: after this they come, before all letters.
    private const string BeforeOwn = "_";

    // As many as S3 gives in one answer.
    private const int LookAhead = 1000;

    // How many folders are opened at once in one folder, and by the whole walk, whose folders lie in one another.
    private const int MostOpenInFolder = 32;
    private const int MostOpen = 128;

    private int _wanted = wanted;
    private int _open;

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

            if (child is [> '_', ..])
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

        IAsyncEnumerable<string> children = store.ListAsync(KeyLayout.Repositories + folder, after.InFolder, cancellationToken);
        await foreach (string name in EachAsync(folder, children, cancellationToken))
        {
            yield return name;
        }
    }

    /// <summary>What there is in some of a folder's folders.</summary>
    private async IAsyncEnumerable<string> EachAsync(
        string parent, IAsyncEnumerable<string> children, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var opening = new Queue<Task<RepositoryFolder>>();
        using var walking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using IAsyncEnumerator<string> next = children.GetAsyncEnumerator(cancellationToken);
        try
        {
            bool isLast = false;
            while (true)
            {
                while (!isLast && HasRoom(opening.Count))
                {
                    isLast = !await next.MoveNextAsync();
                    if (!isLast && IsWorthLookingAt(parent + next.Current))
                    {
                        _open++;
                        opening.Enqueue(OpenAsync(parent + next.Current, walking.Token));
                    }
                }

                if (opening.Count == 0)
                {
                    yield break;
                }

                await using RepositoryFolder folder = await opening.Peek();
                _ = opening.Dequeue();
                _open--;
                if (folder.IsRepository)
                {
                    _wanted--;
                    yield return folder.Name;
                }

                await foreach (string below in EachAsync($"{folder.Name}/", folder.ChildrenAsync(), walking.Token))
                {
                    yield return below;
                }
            }
        }
        finally
        {
            await walking.CancelAsync();
            foreach (Task<RepositoryFolder> each in opening)
            {
                await CloseAsync(each);
            }
        }
    }

    private bool HasRoom(int open) => open == 0 || (open < Math.Min(MostOpenInFolder, _wanted) && _open < MostOpen);

    // Nobody asks any more for what was opened ahead, nor why it could not be.
    private static async Task CloseAsync(Task<RepositoryFolder> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening).DisposeAsync();
        }
    }

    /// <summary>Begins to list a folder, as far as it takes to learn whether it is a repository.</summary>
    private async Task<RepositoryFolder> OpenAsync(string name, CancellationToken cancellationToken)
    {
        if (!served.ServesBelow($"{name}/"))
        {
            return new RepositoryFolder(name, await HasAsync(name, cancellationToken), [], null);
        }

        IAsyncEnumerator<string> children = store.ListAsync(FolderOf(name), cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            // The name comes before what lies below it, but the folder that says whether it is a repository comes after what begins with a digit.
            var read = new List<string>();
            bool? isRepository = position.IsBefore(name) && served.Serves(name) ? null : false;
            while (isRepository is null)
            {
                if (read.Count == LookAhead)
                {
                    isRepository = await HasAsync(name, cancellationToken);
                }
                else if (!await children.MoveNextAsync())
                {
                    isRepository = false;
                }
                else
                {
                    read.Add(children.Current);
                    isRepository = children.Current == Manifests ? true : children.Current is [> '_', ..] ? false : null;
                }
            }

            return new RepositoryFolder(name, isRepository.Value, read, children);
        }
        catch
        {
            await children.DisposeAsync();
            throw;
        }
    }

    // What is no name cannot be asked for either, and need not lie in the order of names.
    private bool IsWorthLookingAt(string name) =>
        RepositoryName.TryParse(name, out _) && ((position.IsBefore(name) && served.Serves(name)) || served.ServesBelow($"{name}/"));
}
