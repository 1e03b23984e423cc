using System.Security.Cryptography;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Telemetry;
using Microsoft.Win32.SafeHandles;

namespace LocalRegistry.Registry.Cache;

/// <summary>
/// Reads content on disk again, one entry at a time and no faster than <see cref="Rate"/>, and deletes what does not have its digest any more: disks
/// lose bits without a word.
/// </summary>
internal sealed partial class CacheVerifier(NodeCacheSettings settings, TimeProvider time, ILogger<CacheVerifier> logger, CacheMetrics? metrics = null)
{
    /// <summary>Bytes a second.</summary>
    public const int Rate = 32 * 1024 * 1024;

    private const int BufferSize = 128 * 1024;

    /// <summary>After so many bytes it waits for the time that they may take.</summary>
    private const int Burst = 1024 * 1024;

    /// <summary>So many entries are looked for at once.</summary>
    private const int Batch = 1024;

    /// <summary>In each interval, it looks so often for what is due.</summary>
    private const int Looks = 24;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(1);

    private long _sincePause;

    /// <summary>Verifies each entry once in the interval, until it is told to end.</summary>
    public async Task RunAsync(CacheEntries entries, CancellationToken cancellationToken)
    {
        TimeSpan pause = settings.VerifyInterval / Looks;
        while (settings.VerifyInterval > TimeSpan.Zero)
        {
            if (await VerifyDueAsync(entries, cancellationToken) < Batch)
            {
                await Task.Delay(pause > ShortestPause ? pause : ShortestPause, time, cancellationToken);
            }
        }
    }

    /// <summary>Verifies what was not verified for an interval.</summary>
    /// <returns>How many entries it was.</returns>
    public async Task<int> VerifyDueAsync(CacheEntries entries, CancellationToken cancellationToken)
    {
        List<(EntryKey Key, EntryKind Kind)> due = entries.Index.Unverified(time.GetUtcNow() - settings.VerifyInterval, Batch);
        foreach ((EntryKey key, EntryKind kind) in due)
        {
            await VerifyAsync(entries, key, kind, cancellationToken);
        }

        return due.Count;
    }

    private async Task VerifyAsync(CacheEntries entries, EntryKey key, EntryKind kind, CancellationToken cancellationToken)
    {
        if (entries.Folder.Find(key, kind) is not { } path)
        {
            entries.Index.Remove(key);
            return;
        }

        VerifyResult result;
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            DateTime used = File.GetLastAccessTimeUtc(file);
            DigestAlgorithm algorithm = kind == EntryKind.Sha512 ? DigestAlgorithm.Sha512 : DigestAlgorithm.Sha256;
            string hex = await HashAsync(file, algorithm, cancellationToken);
            result = hex == Path.GetFileName(path) ? VerifyResult.Whole : VerifyResult.Corrupt;
            if (result == VerifyResult.Whole)
            {
                DateTimeOffset now = time.GetUtcNow();
                CacheFolder.Stamp(file, used, now);
                entries.Index.Verified(key, now);
            }
            else
            {
                LogCorrupt(path);
            }
        }
        catch (Exception e) when (CacheFolder.IsDiskFailure(e))
        {
            result = VerifyResult.Unreadable;
            LogUnreadable(path, e);
        }

        metrics?.Verified(result);
        if (result != VerifyResult.Whole)
        {
            entries.Index.Remove(key);
            CacheFolder.Delete(path);
        }
    }

    private async Task<string> HashAsync(SafeFileHandle file, DigestAlgorithm algorithm, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = algorithm.Begin();
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long offset = 0;
            while (RandomAccess.Read(file, buffer, offset) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                offset += read;
                _sincePause += read;
                if (_sincePause >= Burst)
                {
                    await Task.Delay(TimeSpan.FromSeconds((double)_sincePause / Rate), time, cancellationToken);
                    _sincePause = 0;
                }
            }

            return Digest.FromHash(algorithm, hash.GetHashAndReset()).Hex;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Path} did not have the digest of its name any more and was deleted; it comes from the store again. The node's disk or memory loses bits: look at its health")]
    private partial void LogCorrupt(string path);

    [LoggerMessage(2, LogLevel.Error, "{Path} cannot be read any more and was deleted; it comes from the store again. Look at the health of the node's disk")]
    private partial void LogUnreadable(string path, Exception exception);
}
