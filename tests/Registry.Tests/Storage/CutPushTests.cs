using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

/// <summary>A push of a manifest that ends at any of its writes: what can be seen of it is whole, and it can be pushed again.</summary>
public sealed class CutPushTests
{
    private static readonly RepositoryName Name = new("team/app");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tag_that_is_listed_has_its_manifest_wherever_the_push_was_cut(bool hasOlder)
    {
        byte[] manifest = TestContent.Manifest(MediaTypes.OciManifest, [1]);
        byte[] older = TestContent.Manifest(MediaTypes.OciManifest, [2]);
        Digest subject = Digest.Of(DigestAlgorithm.Sha256, [3]);
        bool isCut = true;
        for (int cut = 1; isCut; cut++)
        {
            using var store = new FaultyStore(new InMemoryStore());
            var manifests = new ManifestStore(store, new ContentStore(store), new LinkStore(store));
            if (hasOlder)
            {
                await PushAsync(manifests, older, subject);
            }

            int writes = 0;
            store.Before = method => method == nameof(IObjectStore.WriteAsync) && ++writes == cut ? Task.FromException(FaultyStore.Failure()) : Task.CompletedTask;
            isCut = await Record.ExceptionAsync(() => PushAsync(manifests, manifest, subject)) is StoreException;
            Assert.Equal(isCut, writes == cut);

            ListPage? tags = await new RepositoryListing(store).TagsAsync(Name, ListPosition.Beginning, 10, Token);
            foreach (string tag in tags?.Entries ?? [])
            {
                Digest? digest = await manifests.ResolveAsync(Name, tag, Token);
                Assert.NotNull(digest);
                Assert.Contains((await manifests.ReadAsync(Name, digest.Value, Token))!.Content.ToArray(), (byte[][])[manifest, older]);
            }

            store.Before = _ => Task.CompletedTask;
            await PushAsync(manifests, manifest, subject);
            Digest whole = Digest.Of(DigestAlgorithm.Sha256, manifest);
            Assert.Equal(whole, await manifests.ResolveAsync(Name, "v1", Token));
            Assert.NotNull(await store.StatAsync(KeyLayout.TagIndexLink(Name, "v1", whole), Token));
        }
    }

    private static Task PushAsync(ManifestStore manifests, byte[] manifest, Digest subject) =>
        manifests.WriteAsync(Name, Digest.Of(DigestAlgorithm.Sha256, manifest), manifest, subject, ["v1"], Token);
}
