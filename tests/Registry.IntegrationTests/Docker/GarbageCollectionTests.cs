using System.Net;
using LocalRegistry.Registry.Tests;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Docker;

/// <summary>Docker's garbage collector on a bucket that either registry filled.</summary>
public sealed class GarbageCollectionTests(S3Fixture s3) : IAsyncLifetime
{
    private const string App = "team/app";
    private const string Other = "team/other";
    private const string Signature = "application/vnd.example.signature";

    private static readonly byte[] Base = TestContent.Bytes(5000, seed: 31);
    private static readonly SmallImage Kept = SmallImage.Of("kept", Base, TestContent.Bytes(1000, seed: 32));
    private static readonly SmallImage Replaced = SmallImage.Of("replaced", Base, TestContent.Bytes(1000, seed: 33));
    private static readonly SmallImage Deleted = SmallImage.Of("deleted", Base, TestContent.Bytes(1000, seed: 34));
    private static readonly SmallImage[] Parts = [SmallImage.Of("a", TestContent.Bytes(1000, seed: 35)), SmallImage.Of("b", TestContent.Bytes(1000, seed: 36))];
    private static readonly SmallImage Referrer = SmallImage.Referring(Kept, Signature);

    private readonly List<BucketRegistry> _started = [];
    private string _bucket = "";

    public async ValueTask InitializeAsync() => _bucket = await s3.CreateBucketAsync(encrypted: true);

    public async ValueTask DisposeAsync()
    {
        foreach (BucketRegistry registry in _started)
        {
            await registry.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Tagged_images_survive_what_is_deleted_goes_and_can_be_pushed_again(bool isDockersFirst, bool deleteUntagged)
    {
        await FillAsync(await StartAsync(isDockersFirst), listsReferrers: isDockersFirst);
        RegistryApi deleting = await StartAsync(!isDockersFirst);
        Assert.Equal(HttpStatusCode.Accepted, await deleting.StatusAsync(HttpMethod.Delete, $"/v2/{Other}/manifests/{Deleted.Digest}"));

        await DockerRegistry.CollectGarbageAsync(s3.Server, _bucket, BucketRegistry.Root, deleteUntagged, TestContext.Current.CancellationToken);

        // Those that served before may remember for a minute what is gone.
        (RegistryApi ours, RegistryApi dockers) = (await StartAsync(isDockers: false), await StartAsync(isDockers: true));
        foreach (RegistryApi registry in (RegistryApi[])[ours, dockers])
        {
            await AssertWholeAsync(registry, App, Kept);
            await AssertWholeAsync(registry, Other, Kept);
            Assert.Equal(SmallImage.Index(Parts), (await registry.ManifestAsync(App, "both")).Content);
            await AssertGoneAsync(registry, Other, Deleted, Deleted.Blobs[0], Deleted.Blobs[2]);
            await AssertCollectedAsync(registry, deleteUntagged, Replaced, Replaced.Blobs[0], Replaced.Blobs[2]);
            // Docker's collector of 2.8 takes an image for untagged if only an index names it.
            await AssertCollectedAsync(registry, deleteUntagged, Parts[0], Parts[0].Blobs[0], Parts[0].Blobs[1]);
            await AssertCollectedAsync(registry, deleteUntagged, Referrer);
        }

        Assert.Equal(deleteUntagged ? [] : [(Referrer.Digest, Signature)], await ours.ReferrersAsync(App, Kept.Digest));
        Assert.Equal(!isDockersFirst, (await s3.KeysAsync(_bucket)).Any(key => key.Contains("/_referrers/", StringComparison.Ordinal)));
        await PushAgainAsync(ours);
        IReadOnlyCollection<string> after = await Inventory.ReadAsync(ours);
        Inventory.AssertSame(after, await Inventory.ReadAsync(dockers));
        Assert.Contains($"{Other}:again {Deleted.Digest}", after);
        Assert.Contains($"{App}:again {Replaced.Digest}", after);
        Assert.Equal([(Referrer.Digest, Signature)], await ours.ReferrersAsync(App, Kept.Digest));
    }

    // A registry without the API has clients that list referrers under a tag.
    private static async Task FillAsync(RegistryApi registry, bool listsReferrers)
    {
        await Kept.PushAsync(registry, App, "v1");
        await Replaced.PushAsync(registry, App, "moved");
        await Kept.PushAsync(registry, App, "moved");
        foreach (SmallImage part in Parts)
        {
            await part.PushAsync(registry, App, tag: null);
        }

        await registry.PushManifestAsync(App, "both", SmallImage.Index(Parts));
        await Kept.PushAsync(registry, Other, "v1");
        await Deleted.PushAsync(registry, Other, "old");
        await Referrer.PushAsync(registry, App, tag: null);
        if (listsReferrers)
        {
            await registry.PushManifestAsync(App, Kept.Digest.Replace(':', '-'), SmallImage.Index(Referrer));
        }
    }

    private static async Task PushAgainAsync(RegistryApi registry)
    {
        await Deleted.PushAsync(registry, Other, "again");
        await Replaced.PushAsync(registry, App, "again");
        await Referrer.PushAsync(registry, App, tag: null);
        foreach (SmallImage part in Parts)
        {
            await part.PushAsync(registry, App, tag: null);
        }
    }

    private static Task AssertCollectedAsync(RegistryApi registry, bool isCollected, SmallImage image, params byte[][] blobs) =>
        isCollected ? AssertGoneAsync(registry, App, image, blobs) : AssertWholeAsync(registry, App, image);

    private static async Task AssertWholeAsync(RegistryApi registry, string name, SmallImage image)
    {
        Assert.Equal(image.Manifest, (await registry.ManifestAsync(name, image.Digest)).Content);
        foreach (byte[] blob in image.Blobs)
        {
            Assert.Equal(blob, await registry.BlobAsync(name, TestContent.Sha256(blob)));
        }
    }

    private static async Task AssertGoneAsync(RegistryApi registry, string name, SmallImage image, params byte[][] blobs)
    {
        foreach (string path in (string[])[$"manifests/{image.Digest}", .. blobs.Select(blob => $"blobs/{TestContent.Sha256(blob)}")])
        {
            Assert.Equal((path, HttpStatusCode.NotFound), (path, await registry.StatusAsync(HttpMethod.Get, $"/v2/{name}/{path}")));
            Assert.Equal((path, HttpStatusCode.NotFound), (path, await registry.StatusAsync(HttpMethod.Head, $"/v2/{name}/{path}")));
        }
    }

    private async Task<RegistryApi> StartAsync(bool isDockers)
    {
        BucketRegistry registry = await BucketRegistry.StartAsync(s3, _bucket, isDockers);
        _started.Add(registry);
        return registry.Api;
    }
}
