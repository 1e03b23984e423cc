using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>Looks at a store from outside.</summary>
internal static class StoreKeys
{
    /// <summary>The keys of all objects in order.</summary>
    public static async Task<List<string>> KeysAsync(this IObjectStore store, string prefix = "docker/")
    {
        var keys = new List<string>();
        await foreach (string child in store.ListAsync(prefix, CancellationToken.None))
        {
            if (await store.StatAsync(prefix + child, CancellationToken.None) is null)
            {
                keys.AddRange(await store.KeysAsync($"{prefix}{child}/"));
            }
            else
            {
                keys.Add(prefix + child);
            }
        }

        keys.Sort(StringComparer.Ordinal);
        return keys;
    }
}
