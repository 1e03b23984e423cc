using System.Text;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>Reads and writes links: objects that hold nothing but a digest as text.</summary>
internal sealed class LinkStore(IObjectStore store)
{
    private const int MaximumLength = 256;

    public async Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) => await store.StatAsync(key, cancellationToken) is not null;

    /// <summary>The digest that a link holds; null if there is no link.</summary>
    /// <exception cref="CorruptContentException">The link holds something else.</exception>
    public async Task<Digest?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await using ObjectContent? content = await store.OpenAsync(key, 0, null, cancellationToken);
        if (content is null)
        {
            return null;
        }

        if (content.Size <= MaximumLength && Digest.TryParse(Encoding.ASCII.GetString(await content.ReadAllAsync(key, cancellationToken)).Trim(), out Digest digest))
        {
            return digest;
        }

        throw new CorruptContentException($"{key} holds no digest: push what it stands for again");
    }

    /// <summary>Removes a link.</summary>
    /// <returns>False if there was none.</returns>
    public async Task<bool> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(key, cancellationToken))
        {
            return false;
        }

        await store.DeleteAsync(key, cancellationToken);
        return true;
    }

    public Task WriteAsync(string key, Digest digest, CancellationToken cancellationToken) =>
        store.WriteAsync(key, Encoding.ASCII.GetBytes(digest.ToString()), onlyIfAbsent: false, cancellationToken);
}
