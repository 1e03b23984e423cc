using System.Text;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage;

/// <summary>
/// Reads and writes links: objects that hold nothing but a digest as text. A link is read whole or asked for by its key; to ask whether it has
/// changed would cost as much, since what would be spared is a text of 71 bytes.
/// </summary>
/// <param name="store">Where they lie.</param>
/// <param name="descriptors">Remembers in this process which there are and which are not; null for nothing.</param>
/// <param name="records">Answers for the store while it is away; null for nothing.</param>
internal sealed class LinkStore(IObjectStore store, DescriptorCache? descriptors = null, LinkRecords? records = null)
{
    private const int MaximumLength = 256;

    private static readonly LinkAnswer Absent = new(null);

    private readonly SharedAnswers<LinkAnswer> _asked = new();

    /// <summary>Whether the store has a link, for those who write: nothing that is remembered answers.</summary>
    public async Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) => await store.StatAsync(key, cancellationToken) is not null;

    /// <summary>The digest that a link in the store holds, for those who write; null if there is no link.</summary>
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

    /// <summary>Whether there is a link, for those who read: what is known of it while the store is away is an answer.</summary>
    /// <param name="key">The link's key.</param>
    /// <param name="digest">What it stands for.</param>
    /// <param name="isForPush">Whether the client may be about to push what is not there, so that the store is asked again for it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<LinkAnswer> FindAsync(string key, Digest digest, bool isForPush, CancellationToken cancellationToken) => !isForPush && IsAbsent(key)
        ? Task.FromResult(Absent)
        : AskAsync(key, async token => await ExistsAsync(key, token) ? digest : null, cancellationToken);

    /// <summary>The digest that a link holds, for those who read: what is known of it while the store is away is an answer.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public Task<LinkAnswer> ResolveAsync(string key, CancellationToken cancellationToken) => IsAbsent(key)
        ? Task.FromResult(Absent)
        : AskAsync(key, async token =>
        {
            Digest? digest = await ReadAsync(key, token);
            if (digest is { } named)
            {
                descriptors?.Named(key, named);
            }

            return digest;
        }, cancellationToken);

    /// <summary>The digest that a link will probably hold; null if nothing is known of it.</summary>
    public Digest? Guess(string key) => descriptors?.LastNamed(key) ?? records?.Find(key);

    /// <summary>Takes it that there is a link which nobody has looked for: for a while, and for as long as the store is away.</summary>
    /// <param name="key">The link's key.</param>
    /// <param name="digest">What it stands for.</param>
    public void Vouch(string key, Digest digest)
    {
        descriptors?.Vouch(key);
        records?.Vouch(key, digest);
    }

    /// <summary>Removes a link.</summary>
    /// <returns>False if there was none.</returns>
    public async Task<bool> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(key, cancellationToken))
        {
            Forget(key);
            return false;
        }

        await DeleteAsync(key, cancellationToken);
        return true;
    }

    /// <summary>Removes a link that may be there.</summary>
    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await store.DeleteAsync(key, cancellationToken);
        }
        finally
        {
            Forget(key);
        }
    }

    /// <summary>Writes a link.</summary>
    /// <returns>The stamp by which it may be remembered; null if it may not, since somebody else has changed it meanwhile.</returns>
    public async Task<long?> WriteAsync(string key, Digest digest, CancellationToken cancellationToken)
    {
        long before = descriptors?.Stamp(key) ?? 0;
        long after = 0;
        try
        {
            await store.WriteAsync(key, Encoding.ASCII.GetBytes(digest.ToString()), onlyIfAbsent: false, cancellationToken);
        }
        finally
        {
            after = Forget(key);
        }

        return after == before + 1 ? after : null;
    }

    private bool IsAbsent(string key) => descriptors?.IsAbsent(key) == true;

    private long Forget(string key)
    {
        records?.Forget(key);
        return descriptors?.Forget(key) ?? 0;
    }

    private Task<LinkAnswer> AskAsync(string key, Func<CancellationToken, Task<Digest?>> ask, CancellationToken cancellationToken) => _asked.AskAsync(key, async token =>
    {
        long stamp = descriptors?.Stamp(key) ?? 0;
        LinkAnswer answer = records is null ? new LinkAnswer(await ask(token)) : await records.AskAsync(key, ask, token);
        if (!answer.Exists)
        {
            descriptors?.AddAbsent(key, stamp);
        }

        return answer;
    }, cancellationToken);
}
