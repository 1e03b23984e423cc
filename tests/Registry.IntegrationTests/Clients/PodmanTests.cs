using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>podman and buildah with a storage of their own, this machine's and newer ones.</summary>
[Collection<ClientBenchTests>]
public sealed class PodmanTests(ClientBench bench) : IDisposable
{
    private readonly TestImages _images = new();

    // A path of more than 50 characters is refused.
    private readonly string _store = Directory.CreateTempSubdirectory("p-").FullName;
    private readonly string _name = ClientBench.NewName();

    public void Dispose()
    {
        _images.Dispose();
        Directory.Delete(_store, recursive: true);
    }

    [Theory]
    [InlineData(false, "podman", "--cgroup-manager=cgroupfs")]
    [InlineData(true, "podman", "--cgroup-manager=cgroupfs")]
    [InlineData(false, "buildah")]
    [InlineData(true, "buildah")]
    public async Task Index_is_pushed_with_its_images_and_each_is_what_it_was(bool newer, string program, params string[] options)
    {
        TestImage[] images = [await _images.CreateAsync(layers: 1), await _images.CreateAsync(layers: 1)];
        for (int i = 0; i < images.Length; i++)
        {
            await bench.PushAsync(images[i], $"{_name}/parts:v{i}");
        }

        await RunAsync("manifest", "create", "both");
        await RunAsync("manifest", "add", "--tls-verify=false", "both", $"docker://{bench.Address}/{_name}/parts:v0");
        await RunAsync("manifest", "add", "--tls-verify=false", "--arch", "arm64", "both", $"docker://{bench.Address}/{_name}/parts:v1");
        await RunAsync("manifest", "push", "--all", "--tls-verify=false", "--format", "oci", "both", $"docker://{bench.Address}/{_name}:both");

        foreach (TestImage image in images)
        {
            Assert.Equal(image.Digest, (await bench.Api.ManifestAsync(_name, image.Digest)).Digest);
            await Task.WhenAll(image.LayerDigests.Select(layer => bench.Api.BlobAsync(_name, layer)));
        }

        string pulled = _images.NewFolder();
        await Skopeo.RunAsync(["copy", "--all", "--src-tls-verify=false", $"docker://{bench.Address}/{_name}:both", $"oci:{pulled}:latest"], null, TestContext.Current.CancellationToken);
        Assert.Subset(TestImages.DigestsIn(pulled).ToHashSet(), images.SelectMany(image => TestImages.DigestsIn(image.Folder)).ToHashSet());

        Task<string> RunAsync(params string[] arguments) => RunInStoreAsync(newer, program, [.. options, .. arguments]);
    }

    [Theory]
    [InlineData(false, "podman", "--cgroup-manager=cgroupfs")]
    [InlineData(true, "podman", "--cgroup-manager=cgroupfs")]
    [InlineData(false, "buildah")]
    [InlineData(true, "buildah")]
    public async Task Image_that_was_pushed_is_the_image_that_is_pulled(bool newer, string program, params string[] options)
    {
        TestImage image = await _images.CreateAsync(layers: 1);
        string source = $"{bench.Address}/{_name}:v1";
        string target = $"{bench.Address}/{_name}/pushed:v1";
        await bench.PushAsync(image, $"{_name}:v1");

        await RunAsync("pull", "--tls-verify=false", source);
        await RunAsync("tag", source, target);
        await RunAsync("push", "--tls-verify=false", target);
        await RunAsync("rmi", "--all", "--force");
        string id = (await RunAsync("pull", "--tls-verify=false", target)).TrimEnd('\n').Split('\n')[^1];

        // An image's id is the digest of its config.
        Assert.Contains(id, TestImages.DigestsIn(image.Folder));
        await bench.Api.BlobAsync($"{_name}/pushed", $"sha256:{id}");

        Task<string> RunAsync(params string[] arguments) => RunInStoreAsync(newer, program, [.. options, .. arguments]);
    }

    private Task<string> RunInStoreAsync(bool newer, string program, IEnumerable<string> arguments) =>
        bench.RunAsync(newer, program, ["--root", $"{_store}/root", "--runroot", $"{_store}/run", "--storage-driver", "vfs", .. arguments]);
}
