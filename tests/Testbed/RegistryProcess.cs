using System.Net;

namespace LocalRegistry.Testbed;

/// <summary>The registry as its users run it: the program, a configuration file, a process of its own.</summary>
public sealed class RegistryProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly RunningProgram _program;
    private readonly RegistryFiles _files;

    private RegistryProcess(RunningProgram program, RegistryFiles files, string address)
    {
        _program = program;
        _files = files;
        Address = address;
    }

    /// <summary>Host and port, as they stand in an image's name.</summary>
    public string Address { get; }

    /// <summary>What it logged so far.</summary>
    public string Log => _program.Log;

    /// <summary>Starts a registry and waits until it answers. The file stays as it is; the port comes from a variable.</summary>
    /// <param name="files">Its files, which it then owns.</param>
    /// <param name="variables">Further environment variables.</param>
    public static Task<RegistryProcess> StartAsync(RegistryFiles files, params IEnumerable<KeyValuePair<string, string>> variables) =>
        StartAsync(files, null, variables);

    /// <summary>Starts a registry with a cache on the node's disk.</summary>
    /// <param name="files">Its files, which it then owns.</param>
    /// <param name="flags">The flags that ask for the cache.</param>
    public static Task<RegistryProcess> StartCachingAsync(RegistryFiles files, params IEnumerable<string> flags) => StartAsync(files, null, flags, []);

    /// <summary>Starts a registry that stands in for other hosts.</summary>
    /// <param name="files">Its files, which it then owns.</param>
    /// <param name="mirrors">The text of mirrors.yml, given the registry's address; null for no such file.</param>
    /// <param name="variables">Further environment variables.</param>
    public static Task<RegistryProcess> StartAsync(
        RegistryFiles files, Func<string, string>? mirrors, params IEnumerable<KeyValuePair<string, string>> variables) =>
        StartAsync(files, mirrors, [], variables);

    private static async Task<RegistryProcess> StartAsync(
        RegistryFiles files, Func<string, string>? mirrors, IEnumerable<string> flags, IEnumerable<KeyValuePair<string, string>> variables)
    {
        string address = $"127.0.0.1:{FreePort.Find()}";
        IEnumerable<string> arguments = ["serve", files.Config, .. flags];
        if (mirrors is not null)
        {
            await File.WriteAllTextAsync(files.Mirrors, mirrors(address));
            arguments = [.. arguments, "--mirrors", files.Mirrors];
        }

        var all = RegistryProgram.VariablesFor(files).Append(new("REGISTRY_HTTP_ADDR", address)).Concat(variables);
        var registry = new RegistryProcess(
            RunningProgram.Start(RegistryProgram.Path, RegistryProgram.Arguments(arguments), all.Select(v => new KeyValuePair<string, string?>(v.Key, v.Value))),
            files,
            address);
        try
        {
            using var client = new HttpClient();
            await Wait.UntilAsync("the registry to answer", async token =>
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://{address}/v2/"), token);
                return (answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}\n{registry.Log}");
            }, Deadline, CancellationToken.None);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    /// <summary>The image's name in the notation of skopeo.</summary>
    public string Image(string name) => $"docker://{Address}/{name}";

    /// <summary>Asks it to stop, as Kubernetes does, and gives its exit code.</summary>
    public Task<int> StopAsync() => _program.StopAsync();

    /// <summary>Ends it without a word, as <c>kill -9</c> does.</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _files.Dispose();
    }
}
