using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>Lists tags and repositories in lexical order.</summary>
internal sealed class RepositoryListing(IObjectStore store)
{
    /// <summary>The tags of a repository in order; null if there is no such repository.</summary>
    public async Task<List<string>?> TagsAsync(RepositoryName name, CancellationToken cancellationToken)
    {
        var tags = new List<string>();
        await foreach (string tag in store.ListAsync(KeyLayout.Tags(name), cancellationToken))
        {
            if (Reference.IsTag(tag))
            {
                tags.Add(tag);
            }
        }

        if (tags.Count == 0 && !await ExistsAsync(name.Value, cancellationToken))
        {
            return null;
        }

        tags.Sort(StringComparer.Ordinal);
        return tags;
    }

    /// <summary>The names of all repositories that hold manifests, in order.</summary>
    public async Task<List<string>> RepositoriesAsync(CancellationToken cancellationToken)
    {
        var found = new List<string>();
        var folders = new Queue<string>([""]);
        while (folders.TryDequeue(out string? folder))
        {
            await foreach (string child in store.ListAsync(KeyLayout.Repositories + folder, cancellationToken))
            {
                // No component of a name begins with an underscore, so what does is a repository's own.
                if (child == "_manifests")
                {
                    found.Add(folder[..^1]);
                }
                else if (!child.StartsWith('_'))
                {
                    folders.Enqueue($"{folder}{child}/");
                }
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        await foreach (string child in store.ListAsync($"{KeyLayout.Repositories}{name}/", cancellationToken))
        {
            if (child is "_manifests" or "_layers")
            {
                return true;
            }
        }

        return false;
    }
}
