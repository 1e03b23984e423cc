using System.Net;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>crane, the client of go-containerregistry, which many programs are built with.</summary>
[Collection<ClientBenchTests>]
public sealed class CraneTests(ClientBench bench) : IDisposable
{
    private readonly TestImages _images = new();
    private readonly string _name = ClientBench.NewName();

    private string Repository => $"{bench.Address}/{_name}";

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Image_is_pushed_copied_tagged_checked_pulled_and_deleted()
    {
        TestImage image = await _images.CreateAsync();
        string pulled = _images.NewFolder();

        await CraneAsync("push", image.Folder, $"{Repository}:v1");
        await CraneAsync("copy", $"{Repository}:v1", $"{Repository}/copy:v1");
        await CraneAsync("tag", $"{Repository}/copy:v1", "v2");
        await CraneAsync("validate", "--remote", $"{Repository}/copy:v2");
        await CraneAsync("pull", "--format", "oci", $"{Repository}/copy:v2", pulled);

        Assert.Equal(image.Digest, (await CraneAsync("digest", $"{Repository}/copy:v2")).Trim());
        Assert.Equal(TestImages.DigestsIn(image.Folder), TestImages.DigestsIn(pulled));
        Assert.Equal("v1\nv2\n", await CraneAsync("ls", $"{Repository}/copy"));
        Assert.Equal(2, (await CraneAsync("catalog", bench.Address)).Split('\n').Count(n => n.StartsWith(_name, StringComparison.Ordinal)));

        await CraneAsync("delete", $"{Repository}/copy@{image.Digest}");

        Assert.Empty(await bench.Api.TagsAsync($"{_name}/copy"));
        Assert.Equal(HttpStatusCode.NotFound, await bench.Api.StatusAsync(HttpMethod.Head, $"/v2/{_name}/copy/manifests/{image.Digest}"));
        Assert.Equal(image.Digest, (await bench.Api.ManifestAsync(_name, "v1")).Digest);
    }

    [Fact]
    public async Task Index_is_appended_to_copied_whole_and_checked()
    {
        TestImage[] images = [await _images.CreateAsync(), await _images.CreateAsync()];
        string pulled = _images.NewFolder();
        for (int i = 0; i < images.Length; i++)
        {
            await CraneAsync("push", images[i].Folder, $"{Repository}:v{i}");
        }

        await CraneAsync("index", "append", "--tag", $"{Repository}:both", "--manifest", $"{Repository}:v0", "--manifest", $"{Repository}:v1");
        await CraneAsync("copy", $"{Repository}:both", $"{Repository}/copy:both");
        await CraneAsync("validate", "--remote", $"{Repository}/copy:both");
        await CraneAsync("pull", "--format", "oci", $"{Repository}/copy:both", pulled);

        IReadOnlyList<string> digests = TestImages.DigestsIn(pulled);
        Assert.All(images, image => Assert.Subset(digests.ToHashSet(), TestImages.DigestsIn(image.Folder).ToHashSet()));
        string index = (await bench.Api.ManifestAsync(_name, "both")).Digest;
        Assert.Contains(index["sha256:".Length..], digests);
        Assert.Equal(index, (await bench.Api.ManifestAsync($"{_name}/copy", "both")).Digest);
    }

    private Task<string> CraneAsync(params string[] arguments) => bench.RunAsync("crane", [.. arguments, "--insecure"]);
}
