using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>podman and buildah, with a storage of their own, against the registry's program on S3.</summary>
public sealed class PodmanTests(S3Fixture s3) : IAsyncLifetime
{
    private readonly TestImages _images = new();

    // podman takes no path of more than 50 characters.
    private readonly string _store = Directory.CreateTempSubdirectory("p-").FullName;
    private RegistryProcess? _registry;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _registry = await RegistryProcess.StartAsync(RegistryFiles.For(s3, await s3.CreateBucketAsync(encrypted: true)));

    public async ValueTask DisposeAsync()
    {
        await _registry!.DisposeAsync();
        _images.Dispose();
        Directory.Delete(_store, recursive: true);
    }

    [Theory]
    [InlineData("podman", "--cgroup-manager=cgroupfs")]
    [InlineData("buildah")]
    public async Task Image_that_was_pushed_is_the_image_that_is_pulled(string program, params string[] options)
    {
        TestImage image = await _images.CreateAsync();
        string[] all = ["--root", $"{_store}/root", "--runroot", $"{_store}/run", "--storage-driver", "vfs", .. options];
        await Skopeo.CopyAsync(image.Reference, _registry!.Image("team/app:v1"), null, Token);

        string first = await RunAsync("pull", "--tls-verify=false", _registry.Image("team/app:v1"));
        await RunAsync("push", "--tls-verify=false", first, _registry.Image($"team/{program}:v1"));
        await RunAsync("rmi", "--all", "--force");
        string pulled = await RunAsync("pull", "--tls-verify=false", _registry.Image($"team/{program}:v1"));

        Assert.Equal(64, first.Length);
        Assert.Equal(first, pulled);

        // An image's id is the digest of its config, and is what a pull prints last.
        async Task<string> RunAsync(params string[] arguments) =>
            (await CommandLine.RunAsync(program, [.. all, .. arguments], Token)).Output.TrimEnd('\n').Split('\n')[^1];
    }
}
