using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace LocalRegistry.Testbed;

/// <summary>The registry as its users run it: the program, a configuration file, a process of its own.</summary>
public sealed class RegistryProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly RegistryFiles _files;
    private readonly StringBuilder _log = new();

    private RegistryProcess(ProcessStartInfo start, RegistryFiles files, string address)
    {
        _files = files;
        Address = address;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
    }

    /// <summary>Host and port, as they stand in an image's name.</summary>
    public string Address { get; }

    /// <summary>What it logged so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts a registry and waits until it answers. The file stays as it is; the port comes from a variable.</summary>
    /// <param name="files">Its files, which it then owns.</param>
    /// <param name="variables">Further environment variables.</param>
    public static async Task<RegistryProcess> StartAsync(RegistryFiles files, params IEnumerable<KeyValuePair<string, string>> variables)
    {
        string address = $"127.0.0.1:{FreePort.Find().ToString(CultureInfo.InvariantCulture)}";
        var start = new ProcessStartInfo(RegistryProgram.Path, RegistryProgram.Arguments(["serve", files.Config, .. files.Mirrors is { } mirrors ? (string[])["--mirrors", mirrors] : []]))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in RegistryProgram.VariablesFor(files).Append(new("REGISTRY_HTTP_ADDR", address)).Concat(variables))
        {
            start.Environment[name] = value;
        }

        var registry = new RegistryProcess(start, files, address);
        registry._process.Start();
        registry._process.BeginOutputReadLine();
        registry._process.BeginErrorReadLine();
        using var client = new HttpClient();
        await Wait.UntilAsync("the registry to answer", async token =>
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://{address}/v2/"), token);
            return (answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}\n{registry.Log}");
        }, Deadline, CancellationToken.None);
        return registry;
    }

    /// <summary>The image's name in the notation of skopeo.</summary>
    public string Image(string name) => $"docker://{Address}/{name}";

    /// <summary>Asks it to stop, as Kubernetes does, and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await CommandLine.RunAsync("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)], CancellationToken.None);
        using var deadline = new CancellationTokenSource(Deadline);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _files.Dispose();
    }

    private void Append(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
