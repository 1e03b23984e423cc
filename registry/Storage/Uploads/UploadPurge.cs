using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Storage.Uploads;

/// <summary>
/// Removes what pushes that never ended have left in the store, of this registry and of Docker's: the folders of uploads that began long ago, and
/// objects under construction, wherever they would have lain.
/// </summary>
internal sealed partial class UploadPurge(IObjectStore store, UploadPurgingConfiguration configuration, TimeProvider time, ILogger<UploadPurge> logger)
{
    /// <summary>The longest beginning of an upload that is one, in bytes.</summary>
    private const int LongestTime = 64;

    /// <summary>Looks through the whole store once. What the store refuses is logged and left for the next time.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset before = time.GetUtcNow() - configuration.Age;
        try
        {
            List<string> folders = await PurgeFoldersAsync(before, cancellationToken);
            int unfinished = await PurgeUnfinishedAsync(before, folders, cancellationToken);
            LogDone(folders.Count, unfinished, configuration.Age, configuration.DryRun);
        }
        catch (StoreException e)
        {
            LogFailure(e);
        }
    }

    private async Task<List<string>> PurgeFoldersAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var purged = new List<string>();
        await foreach (string folder in FoldersAsync("", cancellationToken))
        {
            // One without a beginning is never purged, nor is it by Docker's registry.
            if (await BeginningAsync(folder, cancellationToken) is not { } began || began >= before)
            {
                continue;
            }

            LogFolder(folder, began, configuration.DryRun);
            purged.Add(folder);
            if (!configuration.DryRun)
            {
                await store.DeleteFolderAsync(folder, cancellationToken);
            }
        }

        return purged;
    }

    private async Task<int> PurgeUnfinishedAsync(DateTimeOffset before, List<string> folders, CancellationToken cancellationToken)
    {
        int purged = 0;
        try
        {
            await foreach (UnfinishedObject unfinished in store.ListUnfinishedAsync(KeyLayout.Everything, cancellationToken))
            {
                if (unfinished.Begun >= before && !folders.Exists(f => unfinished.Key.StartsWith(f, StringComparison.Ordinal)))
                {
                    continue;
                }

                LogUnfinished(unfinished.Key, unfinished.Begun, configuration.DryRun);
                purged++;
                if (!configuration.DryRun)
                {
                    await store.AbortAsync(unfinished, cancellationToken);
                }
            }
        }
        catch (StoreException e) when (e.Kind == StoreFailure.Denied)
        {
            LogDenied(e);
        }

        return purged;
    }

    /// <summary>The folders of all uploads of a repository and of those below it, each with a slash at its end.</summary>
    private async IAsyncEnumerable<string> FoldersAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string folder = name.Length == 0 ? KeyLayout.Repositories : $"{KeyLayout.Repositories}{name}/";
        await foreach (string child in store.ListAsync(folder, cancellationToken))
        {
            string below = name.Length == 0 ? child : $"{name}/{child}";
            if (child == KeyLayout.Uploads)
            {
                await foreach (string id in store.ListAsync($"{folder}{child}/", cancellationToken))
                {
                    yield return $"{folder}{child}/{id}/";
                }
            }
            else if (RepositoryName.TryParse(below, out _))
            {
                await foreach (string each in FoldersAsync(below, cancellationToken))
                {
                    yield return each;
                }
            }
        }
    }

    private async Task<DateTimeOffset?> BeginningAsync(string folder, CancellationToken cancellationToken)
    {
        await using ObjectContent? content = await store.OpenAsync(folder + KeyLayout.Started, 0, null, cancellationToken);
        if (content is null)
        {
            return null;
        }

        byte[] text = new byte[Math.Min(content.Size, LongestTime)];
        await content.ReadAsync(text, folder + KeyLayout.Started, cancellationToken);
        if (DateTimeOffset.TryParse(Encoding.ASCII.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset began))
        {
            return began;
        }

        LogNoBeginning(folder, KeyLayout.Started);
        return null;
    }

    [LoggerMessage(1, LogLevel.Information, "upload {Folder} began {Began:u} and is purged (dry run: {DryRun})")]
    private partial void LogFolder(string folder, DateTimeOffset began, bool dryRun);

    [LoggerMessage(2, LogLevel.Information, "the parts of {Key}, begun {Began:u} and never completed, are purged (dry run: {DryRun})")]
    private partial void LogUnfinished(string key, DateTimeOffset began, bool dryRun);

    [LoggerMessage(3, LogLevel.Information, "purged {Folders} uploads and {Unfinished} objects in parts, older than {Age} (dry run: {DryRun})")]
    private partial void LogDone(int folders, int unfinished, TimeSpan age, bool dryRun);

    [LoggerMessage(4, LogLevel.Warning,
        "parts of uploads that nobody completes are not purged: allow the registry's identity s3:ListBucketMultipartUploads on the bucket, or let the bucket's lifecycle abort them")]
    private partial void LogDenied(Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "abandoned uploads could not all be purged; the next time is after the interval")]
    private partial void LogFailure(Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "upload {Folder} is not purged: its {File} is not a time as RFC 3339 writes it")]
    private partial void LogNoBeginning(string folder, string file);
}
