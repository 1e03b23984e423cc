using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Tests;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>Many clients while S3 stands still, and connections that S3 has refused something on.</summary>
public sealed class StormTests(S3Fixture s3)
{
    private const int Clients = 48;
    private const int Size = 8 * 1024 * 1024;

    /// <summary>What the clients, the connections and the collector may take besides the registry's buffers of 64 MiB; without a bound, the blobs alone are 384 MiB.</summary>
    private const long Bound = 256 * 1024 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly S3Timeouts Timeouts = new()
    {
        Stall = TimeSpan.FromSeconds(5),
        ReadAnswer = TimeSpan.FromSeconds(5),
        WriteAnswer = TimeSpan.FromSeconds(5),
        Read = TimeSpan.FromSeconds(60),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Memory_stays_bounded_while_pushes_and_pulls_stand_still_and_all_of_them_end()
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        byte[] blob = TestContent.Bytes(Size);
        string path = $"/v2/{FaultClient.Name}/blobs/{TestContent.Sha256(blob)}";
        await using FaultBed pulled = await FaultBed.StartAsync(s3, bucket, "pulled", Timeouts, Token);
        await using FaultBed pushed = await FaultBed.StartAsync(s3, bucket, "pushed", Timeouts, Token);
        Assert.Equal(Progress.Done, await pulled.Client.PushBlobAsync(blob, inChunks: false, Token));
        Assert.Equal(Progress.Done, await pushed.Client.PushBlobAsync(blob, inChunks: true, Token));
        Assert.Equal(Progress.Done, await pulled.Client.SendAsync(HttpMethod.Get, path, null, blob, Token));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        pulled.Proxy.Rule = new FaultRule(Fault.Stall, pulled.Proxy.Calls.Last(c => c.Call.Action == "GetObject").Call, 1, int.MaxValue);
        pushed.Proxy.Rule = new FaultRule(Fault.Stall, pushed.Proxy.Calls.First(c => c.Call.Action == "UploadPart 1").Call, 1, int.MaxValue);

        Task<Progress>[] all =
        [
            .. Enumerable.Range(0, Clients).Select(_ => pulled.Client.SendAsync(HttpMethod.Get, path, null, blob, Token)),
            .. Enumerable.Range(0, Clients).Select(_ => pushed.Client.PushBlobAsync(blob, inChunks: true, Token)),
        ];
        // Parts of 5 MiB: twelve fill the buffers, though some uploads may hold one that is not full.
        await Wait.UntilAsync(
            "S3 to stand still", _ => Task.FromResult((pulled.Proxy.Hits >= Clients && pushed.Proxy.Hits >= 6, $"{pulled.Proxy.Hits} pulls, {pushed.Proxy.Hits} parts")), Deadline, Token);
        long during = GC.GetTotalMemory(forceFullCollection: true) - before;
        pulled.Proxy.Rule = pushed.Proxy.Rule = null;

        // Not all of them well: when so many fail at once, the SDK tries only some again, and uploads whose clients are away make room for others.
        Assert.All(await Task.WhenAll(all), p => Assert.True(p.IsProper, p.ToString()));
        Assert.True(during < Bound, $"{during} bytes more than before");
        Assert.Equal(Progress.Done, await pulled.Client.SendAsync(HttpMethod.Get, path, null, blob, Token));
        Assert.Equal(Progress.Done, await pushed.Client.PushBlobAsync(blob, inChunks: true, Token));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(S3Driver.MinimumChunkSize)]
    public async Task Connection_on_which_S3_refused_a_write_is_good_for_the_next_call(int size)
    {
        S3Driver driver = s3.Driver(await s3.CreateBucketAsync(encrypted: true));
        using var store = new S3Store(driver, S3ClientFactory.CreateS3(driver));
        byte[] content = TestContent.Bytes(size);
        Assert.True(await store.WriteAsync("data", content, onlyIfAbsent: true, Token));

        for (int i = 0; i < 10; i++)
        {
            Assert.False(await store.WriteAsync("data", content, onlyIfAbsent: true, Token));
            Assert.Equal(size, await store.StatAsync("data", Token));
        }
    }
}
