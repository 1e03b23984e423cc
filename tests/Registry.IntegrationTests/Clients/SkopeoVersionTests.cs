using System.Net;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>This machine's skopeo and a newer one: whole indexes in both formats, a sync of a repository, deletion.</summary>
[Collection<ClientBenchTests>]
public sealed class SkopeoVersionTests(ClientBench bench) : IDisposable
{
    private readonly TestImages _images = new();
    private readonly string _name = ClientBench.NewName();

    private string Repository => $"docker://{bench.Address}/{_name}";

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Index_is_copied_whole_as_it_is_and_in_the_format_of_docker(bool newer)
    {
        (string source, string digest, IReadOnlyList<string> manifests) = await _images.CreateIndexAsync();
        string pulled = _images.NewFolder();

        await RunAsync(newer, "copy", "--all", "--dest-tls-verify=false", source, $"{Repository}:oci");
        await RunAsync(newer, "copy", "--all", "--format", "v2s2", "--src-tls-verify=false", "--dest-tls-verify=false", $"{Repository}:oci", $"{Repository}:docker");
        await RunAsync(newer, "copy", "--all", "--src-tls-verify=false", $"{Repository}:oci", $"oci:{pulled}:latest");

        Assert.Equal(TestImages.DigestsIn(source.Split(':')[1]), TestImages.DigestsIn(pulled));
        Assert.Equal(digest, (await bench.Api.ManifestAsync(_name, "oci")).Digest);
        Assert.All(manifests, m => Assert.Contains(m["sha256:".Length..], TestImages.DigestsIn(pulled)));
        Assert.Equal("application/vnd.docker.distribution.manifest.list.v2+json", (await bench.Api.ManifestAsync(_name, "docker")).MediaType);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repository_is_synchronized_to_a_folder_and_back(bool newer)
    {
        TestImage[] images = [await _images.CreateAsync(layers: 1), await _images.CreateAsync(layers: 1)];
        string folder = Directory.CreateDirectory(_images.NewFolder()).FullName;
        for (int i = 0; i < images.Length; i++)
        {
            await bench.PushAsync(images[i], $"{_name}:v{i}");
        }

        string last = _name.Split('/')[1];
        await RunAsync(newer, "sync", "--all", "--src", "docker", "--dest", "dir", "--src-tls-verify=false", $"{bench.Address}/{_name}", folder);
        await RunAsync(newer, "sync", "--all", "--src", "dir", "--dest", "docker", "--dest-tls-verify=false", folder, $"{bench.Address}/{_name}/back");

        Assert.Equal(["v0", "v1"], await bench.Api.TagsAsync($"{_name}/back/{last}"));
        for (int i = 0; i < images.Length; i++)
        {
            Assert.Equal(images[i].Digest, (await bench.Api.ManifestAsync($"{_name}/back/{last}", $"v{i}")).Digest);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Image_is_deleted_with_all_its_tags(bool newer)
    {
        TestImage image = await _images.CreateAsync(layers: 1);
        await bench.PushAsync(image, $"{_name}:v1");
        await bench.PushAsync(image, $"{_name}:v2");

        await RunAsync(newer, "delete", "--tls-verify=false", $"{Repository}:v1");

        Assert.Empty(await bench.Api.TagsAsync(_name));
        Assert.Equal(HttpStatusCode.NotFound, await bench.Api.StatusAsync(HttpMethod.Get, $"/v2/{_name}/manifests/{image.Digest}"));
    }

    private Task<string> RunAsync(bool newer, params string[] arguments) => bench.RunAsync(newer, "skopeo", ["--insecure-policy", .. arguments]);
}
