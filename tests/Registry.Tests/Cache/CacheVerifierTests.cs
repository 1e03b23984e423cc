using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Tests.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LocalRegistry.Registry.Tests.Cache;

public sealed class CacheVerifierTests
{
    [Fact]
    public async Task Flipped_bit_is_found_and_the_content_comes_from_the_store_again()
    {
        using var bed = new CacheBed();
        using var log = new LogRecorder();
        byte[] bytes = TestContent.Bytes(300_000);
        Digest damaged = await bed.CacheAsync(bytes);
        Digest other = await bed.CacheAsync(TestContent.Bytes(10), DigestAlgorithm.Sha512);
        Flip(bed.PathOf(damaged));
        var verifier = new CacheVerifier(bed.Settings, bed.Time, new Logger<CacheVerifier>(new LoggerFactory([log])));

        Assert.Equal(0, await verifier.VerifyDueAsync(bed.Cache.Entries!, CacheBed.Token));
        bed.Time.Advance(bed.Settings.VerifyInterval);
        Assert.Equal(2, await verifier.VerifyDueAsync(bed.Cache.Entries!, CacheBed.Token));

        Assert.Equal((false, true), (bed.Has(damaged), bed.Has(other)));
        Assert.Contains(bed.PathOf(damaged), Assert.Single(log.Texts), StringComparison.Ordinal);
        Assert.Equal(bytes, await bed.ReadAsync(damaged));
        Assert.Equal(0, await verifier.VerifyDueAsync(bed.Cache.Entries!, CacheBed.Token));
    }

    [Fact]
    public async Task Verification_is_known_after_a_restart_and_is_no_use()
    {
        using var bed = new CacheBed();
        Digest digest = await bed.CacheAsync(TestContent.Bytes(10));
        DateTime used = File.GetLastAccessTimeUtc(bed.PathOf(digest));
        bed.Time.Advance(bed.Settings.VerifyInterval);
        var verifier = new CacheVerifier(bed.Settings, bed.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<CacheVerifier>.Instance);
        Assert.Equal(1, await verifier.VerifyDueAsync(bed.Cache.Entries!, CacheBed.Token));
        Assert.Equal(used, File.GetLastAccessTimeUtc(bed.PathOf(digest)));
        bed.Restart();
        bed.Time.Advance(bed.Settings.VerifyInterval - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await verifier.VerifyDueAsync(bed.Cache.Entries!, CacheBed.Token));
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await verifier.VerifyDueAsync(bed.Cache.Entries!, CacheBed.Token));
    }

    [Fact]
    public async Task It_reads_no_faster_than_its_rate()
    {
        using var bed = new CacheBed();
        Digest digest = await bed.CacheAsync(TestContent.Bytes(3 << 20));
        bed.Time.Advance(bed.Settings.VerifyInterval);
        DateTimeOffset started = bed.Time.GetUtcNow();
        var verifier = new CacheVerifier(bed.Settings, bed.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<CacheVerifier>.Instance);
        Task<int> verifying = verifier.VerifyDueAsync(bed.Cache.Entries!, CacheBed.Token);
        Assert.False(verifying.IsCompleted);
        await Eventually.HoldsAsync(() =>
        {
            bed.Time.Advance(TimeSpan.FromMilliseconds(1));
            return Task.FromResult(verifying.IsCompleted);
        }, "it ends");
        Assert.Equal(1, await verifying);
        Assert.InRange((bed.Time.GetUtcNow() - started).TotalMilliseconds, 3 * (1000 / 32), double.MaxValue);
        Assert.True(bed.Has(digest));
    }

    [Fact]
    public async Task Entry_whose_file_is_gone_is_forgotten()
    {
        using var bed = new CacheBed();
        Digest digest = await bed.CacheAsync(TestContent.Bytes(10));
        File.Delete(bed.PathOf(digest));
        bed.Time.Advance(bed.Settings.VerifyInterval);
        var verifier = new CacheVerifier(bed.Settings, bed.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<CacheVerifier>.Instance);
        await verifier.VerifyDueAsync(bed.Cache.Entries!, CacheBed.Token);
        Assert.Equal(0, bed.Cache.Entries!.Index.Count);
    }

    private static void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
