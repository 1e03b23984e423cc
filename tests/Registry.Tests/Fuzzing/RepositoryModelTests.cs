using System.Net;
using CsCheck;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Tests.Http;
using Xunit;

namespace LocalRegistry.Registry.Tests.Fuzzing;

/// <summary>Random orders of pushes, deletions and reads, against a model of what each repository holds.</summary>
public sealed class RepositoryModelTests : IDisposable
{
    private static readonly byte[][] Blobs = [.. Enumerable.Range(0, 3).Select(i => TestContent.Bytes(50 + i, i + 1))];
    private static readonly byte[][] Manifests = [.. Enumerable.Range(0, 4).Select(i => TestContent.Manifest(MediaTypes.OciManifest, Blobs[i % Blobs.Length], $"m{i}"))];
    private static readonly string[] Tags = ["a", "a-b", "B"];

    private readonly string _folder = Directory.CreateTempSubdirectory("model-").FullName;

    private enum Step
    {
        PushBlob,
        MountBlob,
        PushTag,
        PushDigest,
        DeleteBlob,
        DeleteTag,
        DeleteManifest,
        ReadBlob,
        ReadTag,
        ReadManifest,
        List,
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repositories_hold_what_was_pushed_and_not_deleted(bool onDisk)
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(c => c with
        {
            Storage = c.Storage with { Driver = onDisk ? new FileSystemDriver { RootDirectory = _folder } : c.Storage.Driver, DeleteEnabled = true },
        });
        await Property.HoldsAsync(
            Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 1], Gen.Int[0, 11]).Array[1, 30],
            async steps =>
            {
                Model[] models = [new(TestContent.NewName()), new(TestContent.NewName())];
                foreach ((Step step, int which, int item) in steps)
                {
                    await TakeAsync(registry, models[which], models[1 - which], step, item);
                }

                foreach (Model model in models)
                {
                    foreach (Step reading in (Step[])[Step.ReadBlob, Step.ReadTag, Step.ReadManifest, Step.List])
                    {
                        for (int i = 0; i < 4; i++)
                        {
                            await TakeAsync(registry, model, model, reading, i);
                        }
                    }
                }
            },
            40);
    }

    private static async Task TakeAsync(TestRegistry registry, Model model, Model other, Step step, int item)
    {
        byte[] blob = Blobs[item % Blobs.Length];
        byte[] manifest = Manifests[item % Manifests.Length];
        string blobDigest = TestContent.Sha256(blob);
        string manifestDigest = TestContent.Sha256(manifest);
        string tag = Tags[(item / 4) % Tags.Length];
        string root = $"/v2/{model.Name}";
        switch (step)
        {
            case Step.PushBlob:
                await registry.PushBlobAsync(model.Name, blob);
                model.Blobs.Add(blobDigest);
                break;
            case Step.MountBlob:
                using (HttpResponseMessage mount = await registry.SendAsync(HttpMethod.Post, $"{root}/blobs/uploads/?mount={blobDigest}&from={other.Name}"))
                {
                    Assert.Equal(other.Blobs.Contains(blobDigest) ? HttpStatusCode.Created : HttpStatusCode.Accepted, mount.StatusCode);
                    if (mount.StatusCode == HttpStatusCode.Created)
                    {
                        model.Blobs.Add(blobDigest);
                    }
                    else
                    {
                        (await registry.SendAsync(HttpMethod.Delete, mount.Headers.Location!.PathAndQuery)).Dispose();
                    }
                }

                break;
            case Step.PushTag or Step.PushDigest:
                using (HttpResponseMessage put = await registry.PutManifestAsync(model.Name, step == Step.PushTag ? tag : manifestDigest, manifest, MediaTypes.OciManifest))
                {
                    if (!model.Blobs.Contains(TestContent.Sha256(Blobs[item % Manifests.Length % Blobs.Length])))
                    {
                        await put.AssertErrorAsync(400, "MANIFEST_BLOB_UNKNOWN");
                        break;
                    }

                    Assert.Equal(HttpStatusCode.Created, put.StatusCode);
                    model.Manifests.Add(manifestDigest);
                    if (step == Step.PushTag)
                    {
                        model.Tags[tag] = manifest;
                    }
                }

                break;
            case Step.DeleteBlob:
                await DeleteAsync(registry, $"{root}/blobs/{blobDigest}", model.Blobs.Remove(blobDigest), "BLOB_UNKNOWN");
                break;
            case Step.DeleteTag:
                await DeleteAsync(registry, $"{root}/manifests/{tag}", model.Tags.Remove(tag), "MANIFEST_UNKNOWN");
                break;
            case Step.DeleteManifest:
                await DeleteAsync(registry, $"{root}/manifests/{manifestDigest}", model.Manifests.Remove(manifestDigest), "MANIFEST_UNKNOWN");
                foreach (string gone in model.Tags.Where(t => t.Value == manifest).Select(t => t.Key).ToArray())
                {
                    model.Tags.Remove(gone);
                }

                break;
            case Step.ReadBlob:
                await ReadAsync(registry, $"{root}/blobs/{blobDigest}", model.Blobs.Contains(blobDigest) ? blob : null, "BLOB_UNKNOWN");
                break;
            case Step.ReadTag:
                await ReadAsync(registry, $"{root}/manifests/{Tags[item % Tags.Length]}", model.Tags.GetValueOrDefault(Tags[item % Tags.Length]), "MANIFEST_UNKNOWN");
                break;
            case Step.ReadManifest:
                await ReadAsync(registry, $"{root}/manifests/{manifestDigest}", model.Manifests.Contains(manifestDigest) ? manifest : null, "MANIFEST_UNKNOWN");
                break;
            case Step.List:
                using (HttpResponseMessage list = await registry.GetAsync($"{root}/tags/list"))
                {
                    // Without tags there may or may not be a repository, as what was deleted leaves empty folders or not.
                    if (model.Tags.Count > 0 || list.StatusCode == HttpStatusCode.OK)
                    {
                        Assert.Equal(model.Tags.Keys.Order(StringComparer.Ordinal), (await list.JsonAsync()).GetProperty("tags").EnumerateArray().Select(t => t.GetString()));
                    }
                    else
                    {
                        await list.AssertErrorAsync(404, "NAME_UNKNOWN");
                        Assert.Empty(model.Manifests);
                        Assert.Empty(model.Blobs);
                    }
                }

                break;
        }
    }

    private static async Task DeleteAsync(TestRegistry registry, string path, bool isThere, string code)
    {
        using HttpResponseMessage response = await registry.SendAsync(HttpMethod.Delete, path);
        if (isThere)
        {
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }
        else
        {
            await response.AssertErrorAsync(404, code);
        }
    }

    private static async Task ReadAsync(TestRegistry registry, string path, byte[]? content, string code)
    {
        using HttpResponseMessage response = await registry.GetAsync(path);
        if (content is null)
        {
            await response.AssertErrorAsync(404, code);
        }
        else
        {
            Assert.Equal(content, await response.BytesAsync());
        }
    }

    private sealed class Model(string name)
    {
        public string Name => name;

        public HashSet<string> Blobs { get; } = [];

        public HashSet<string> Manifests { get; } = [];

        public Dictionary<string, byte[]> Tags { get; } = [];
    }
}
