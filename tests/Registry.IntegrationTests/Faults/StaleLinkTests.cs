using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers.S3;
using LocalRegistry.Registry.Tests;
using LocalRegistry.Registry.Tests.Storage;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Faults;

/// <summary>The node's records stand in for an S3 that takes calls and does not answer them, and for one that breaks them off.</summary>
public sealed class StaleLinkTests(S3Fixture s3)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(Fault.Stall))]
    [InlineData(nameof(Fault.ResetBeforeAnswer))]
    [InlineData(nameof(Fault.SlowDown))]
    public async Task Link_that_was_read_before_is_known_while_s3_fails_and_asked_for_again_after_it(string fault)
    {
        await using FaultProxy proxy = await FaultProxy.StartAsync(s3.Server.Endpoint, Token);
        S3Driver driver = s3.Driver(await s3.CreateBucketAsync(encrypted: true)) with { RegionEndpoint = proxy.Url };
        using var store = new S3Store(driver, S3ClientFactory.CreateS3(driver));
        using var descriptors = new DescriptorCache(0);
        var links = new LinkStore(store, descriptors, new LinkRecords(new NodeRecordsFake(), TimeProvider.System));
        string link = KeyLayout.TagCurrentLink(new RepositoryName("team/app"), "v1");
        Digest digest = Digest.Of(DigestAlgorithm.Sha256, [1]);
        await links.WriteAsync(link, digest, Token);
        Assert.Equal(new LinkAnswer(digest), await links.ResolveAsync(link, Token));

        proxy.Rule = new FaultRule(Enum.Parse<Fault>(fault), new S3Call("GetObject", "repositories/team/app/_manifests/tags/v1/current/link"), 1, int.MaxValue);
        Assert.Equal(new LinkAnswer(digest, IsStale: true), await links.ResolveAsync(link, Token));
        Assert.True(proxy.Hits > 0);

        proxy.Rule = null;
        await Eventually.HoldsAsync(async () => !(await links.ResolveAsync(link, Token)).IsStale, "S3 is asked again");
        Assert.Equal(new LinkAnswer(digest), await links.ResolveAsync(link, Token));
    }
}
