using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Clients;

/// <summary>A registry on S3 and the clients of many makers, for the tests of a collection: each in repositories of its own.</summary>
public sealed class ClientBench(S3Fixture s3) : IAsyncLifetime
{
    private RegistryClients? _clients;
    private RegistryProcess? _registry;

    /// <summary>Host and port of the registry, as they stand in an image's name.</summary>
    public string Address => _registry!.Address;

    /// <summary>The clients' working directory, with a short path.</summary>
    public string Home => _clients!.Home;

    /// <summary>The registry's API.</summary>
    internal RegistryApi Api { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _clients = await RegistryClients.StartAsync(Token);
        _registry = await RegistryProcess.StartAsync(
            RegistryFiles.For(s3, await s3.CreateBucketAsync(encrypted: true)), new KeyValuePair<string, string>("REGISTRY_STORAGE_DELETE_ENABLED", "true"));
        Api = new RegistryApi(Address);
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        await (_registry?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_clients?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>A repository that no other test uses, with a name in two parts.</summary>
    public static string NewName() => $"team/{Guid.NewGuid().ToString("N")[..12]}";

    /// <summary>Runs one of the container's clients and returns its output.</summary>
    public Task<string> RunAsync(string program, params IEnumerable<string> arguments) => _clients!.RunAsync(program, arguments, Token);

    /// <summary>Runs a client of this machine, or the newer one of the container, and returns its output.</summary>
    public async Task<string> RunAsync(bool newer, string program, IEnumerable<string> arguments) =>
        newer ? await RunAsync(program, arguments) : (await CommandLine.RunAsync(program, arguments, Token)).Output;

    /// <summary>Pushes an image with this machine's skopeo.</summary>
    public Task PushAsync(TestImage image, string name) => Skopeo.CopyAsync(image.Reference, $"docker://{Address}/{name}", null, Token);
}
