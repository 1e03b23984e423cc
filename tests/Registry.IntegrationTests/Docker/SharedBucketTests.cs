using System.Net;
using LocalRegistry.Registry.Tests;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Docker;

/// <summary>A bucket that one registry filled, that the other goes on with, and that the first one serves again.</summary>
public sealed class SharedBucketTests(S3Fixture s3)
{
    private const string Signature = "application/vnd.example.signature";

    // More than two parts of a multipart upload, sent in pieces that are no whole parts.
    private const int LargeLayer = 13 * 1024 * 1024;
    private const int Chunk = 6_000_001;

    private static readonly byte[] Base = TestContent.Bytes(50_000, seed: 21);
    private static readonly SmallImage First = SmallImage.Of("first", Base, TestContent.Bytes(1000, seed: 22));
    private static readonly SmallImage Second = SmallImage.Of("second", Base, TestContent.Bytes(1000, seed: 23));
    private static readonly SmallImage Large = SmallImage.Of("large", TestContent.Bytes(LargeLayer, seed: 24));
    private static readonly SmallImage Added = SmallImage.Of("added", Base, TestContent.Bytes(1000, seed: 25));
    private static readonly SmallImage Referrer = SmallImage.Referring(First, Signature);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_lost_whoever_was_first(bool isDockersFirst)
    {
        string bucket = await s3.CreateBucketAsync(encrypted: true);
        IReadOnlyCollection<string> before;
        await using (BucketRegistry first = await BucketRegistry.StartAsync(s3, bucket, isDockersFirst))
        {
            await FillAsync(first.Api, isOurs: !isDockersFirst);
            before = await Inventory.ReadAsync(first.Api);
        }

        await using BucketRegistry second = await BucketRegistry.StartAsync(s3, bucket, !isDockersFirst);
        Inventory.AssertSame(before, await Inventory.ReadAsync(second.Api));
        await ExtendAsync(second.Api, isOurs: isDockersFirst);
        await DeleteAsync(second.Api, isOurs: isDockersFirst);

        await using BucketRegistry again = await BucketRegistry.StartAsync(s3, bucket, isDockersFirst);
        (RegistryApi ours, RegistryApi dockers) = isDockersFirst ? (second.Api, again.Api) : (again.Api, second.Api);
        IReadOnlyCollection<string> after = await Inventory.ReadAsync(ours);
        // Docker's registry also lists a repository of which nothing is left but links to layers.
        Inventory.AssertSame([.. after, "team-app"], await Inventory.ReadAsync(dockers));
        Assert.All(before.Where(line => !IsDeleted(line)), line => Assert.Contains(line, after));
        Assert.Equal([(Referrer.Digest, Signature)], await ours.ReferrersAsync("team/app", First.Digest));
        Assert.Equal(Referrer.Manifest, (await dockers.ManifestAsync("team/app", Referrer.Digest)).Content);
        Assert.Equal(["added/deep/down", "old", "te", "team", "team/app", "team/app/sub", "team/app/sub/more"], await ours.RepositoriesAsync());
        await AssertTagsAsync(ours, isDockersFirst);
        await AssertTagsAsync(dockers, isDockersFirst);
    }

    private static async Task FillAsync(RegistryApi registry, bool isOurs)
    {
        await First.PushAsync(registry, "team", "v1");
        await First.MountAsync(registry, "team/app", "v1", from: "team");
        await Second.PushAsync(registry, "team/app", "v2");
        await Second.PushAsync(registry, "team/app", "latest");
        await registry.PushManifestAsync("team/app", "both", SmallImage.Index(First, Second));
        await Large.PushAsync(registry, "team/app/sub", "v1", Chunk);
        await Large.MountAsync(registry, "te", "v1", from: "team/app/sub");
        await Second.PushAsync(registry, "team-app", "v1", chunk: 20_000);
        foreach (string tag in (string[])["v1", "v2", "moved"])
        {
            await First.PushAsync(registry, "old", tag);
        }

        await Second.PushAsync(registry, "old", "moved");
        if (isOurs)
        {
            await Referrer.PushAsync(registry, "team/app", tag: null);
        }
    }

    private static async Task ExtendAsync(RegistryApi registry, bool isOurs)
    {
        await Added.PushAsync(registry, "team/app", "v3");
        await registry.PushManifestAsync("team/app", "again", First.Manifest);
        await registry.PushManifestAsync("team/app", "latest", Added.Manifest);
        await Added.MountAsync(registry, "added/deep/down", "v1", from: "team/app");
        await First.MountAsync(registry, "added/deep/down", "v2", from: "team");
        await registry.PushManifestAsync("added/deep/down", "both", SmallImage.Index(First, Added));
        await Large.MountAsync(registry, "team/app/sub/more", "v1", from: "te");
        if (isOurs)
        {
            await Referrer.PushAsync(registry, "team/app", tag: null);
        }
    }

    private static async Task DeleteAsync(RegistryApi registry, bool isOurs)
    {
        Assert.Equal(HttpStatusCode.Accepted, await registry.StatusAsync(HttpMethod.Delete, $"/v2/old/manifests/{First.Digest}"));
        Assert.Equal(HttpStatusCode.Accepted, await registry.StatusAsync(HttpMethod.Delete, $"/v2/team-app/manifests/{Second.Digest}"));
        // Docker's registry before 3.0 deletes by digest alone.
        Assert.Equal(
            isOurs ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest,
            await registry.StatusAsync(HttpMethod.Delete, "/v2/team/app/manifests/v2"));
    }

    private static bool IsDeleted(string line) =>
        line.StartsWith("old:v", StringComparison.Ordinal)
        || line.StartsWith($"old@{First.Digest}", StringComparison.Ordinal)
        || line.StartsWith("old blob", StringComparison.Ordinal)
        || line.StartsWith("team-app", StringComparison.Ordinal)
        || line.StartsWith("team/app:v2", StringComparison.Ordinal)
        || line.StartsWith("team/app:latest", StringComparison.Ordinal);

    private static async Task AssertTagsAsync(RegistryApi registry, bool isTagDeleted)
    {
        Assert.Equal(isTagDeleted ? ["again", "both", "latest", "v1", "v3"] : ["again", "both", "latest", "v1", "v2", "v3"], await registry.TagsAsync("team/app"));
        Assert.Equal(["both", "v1", "v2"], await registry.TagsAsync("added/deep/down"));
        Assert.Equal(["moved"], await registry.TagsAsync("old"));
        Assert.Empty(await registry.TagsAsync("team-app"));
        Assert.Equal(Added.Digest, (await registry.ManifestAsync("team/app", "latest")).Digest);
    }
}
