using System.Diagnostics;
using System.Net;
using System.Text;

namespace LocalRegistry.Testbed;

/// <summary>Docker's own registry (Debian's package, 2.8), run on this machine beside ours: what it wrote, ours must serve.</summary>
public sealed class DockerRegistry : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _log = new();

    private DockerRegistry(ProcessStartInfo start, string folder, string address)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        // Its old AWS SDK takes the bundle for its only trust and then fails over plain http too.
        start.Environment.Remove("AWS_CA_BUNDLE");
        _process = Process.Start(start)!;
        _folder = folder;
        Address = address;
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Host and port, as they stand in an image's name.</summary>
    public string Address { get; }

    /// <summary>Starts it on a bucket, with what else a storage section of its configuration says.</summary>
    /// <param name="s3">The S3 server.</param>
    /// <param name="bucket">An existing bucket.</param>
    /// <param name="rootDirectory">The folder in the bucket.</param>
    /// <param name="ct">Ends the wait for its start.</param>
    public static Task<DockerRegistry> StartAsync(S3Server s3, string bucket, string rootDirectory, CancellationToken ct) => StartAsync($$"""
          s3:
            region: us-east-1
            regionendpoint: {{s3.Endpoint}}
            accesskey: {{S3Server.AccessKey}}
            secretkey: {{S3Server.SecretKey}}
            bucket: {{bucket}}
            rootdirectory: {{rootDirectory}}
            encrypt: true
            secure: false
        """, ct);

    /// <summary>Starts it with a driver of its storage section, indented by two.</summary>
    public static async Task<DockerRegistry> StartAsync(string driver, CancellationToken ct)
    {
        var address = $"127.0.0.1:{FreePort.Find()}";
        var (folder, config) = await WriteAsync($"version: 0.1\nlog:\n  level: warn\nstorage:\n{driver}\nhttp:\n  addr: {address}\n", ct);
        var registry = new DockerRegistry(new ProcessStartInfo("docker-registry", ["serve", config]), folder, address);
        using var client = new HttpClient();
        await registry.WaitAsync(client, $"http://{address}/v2/", ct);
        return registry;
    }

    /// <summary>Starts it empty in a node's network, at the node's address, over TLS with a certificate of an authority. Needs root.</summary>
    public static async Task<DockerRegistry> StartAsync(Node node, int port, CertificateAuthority authority, CancellationToken ct)
    {
        var address = $"{node.Address}:{port}";
        var (certificate, key) = authority.Issue(node.Address);
        var (folder, config) = await WriteAsync($$"""
            version: 0.1
            log: {level: warn}
            storage: {inmemory: {} }
            http: {addr: "{{address}}", tls: {certificate: server.crt, key: server.key} }
            """, ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "server.crt"), certificate, ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "server.key"), key, ct);
        var start = new ProcessStartInfo("nsenter", [.. node.InNetwork("docker-registry"), "serve", config]) { WorkingDirectory = folder };
        var registry = new DockerRegistry(start, folder, address);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var client = new HttpClient(handler);
        await registry.WaitAsync(client, $"https://{address}/v2/", ct);
        return registry;
    }

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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<(string Folder, string Config)> WriteAsync(string config, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("docker-registry-").FullName;
        var path = Path.Combine(folder, "config.yml");
        await File.WriteAllTextAsync(path, config, ct);
        return (folder, path);
    }

    private async Task WaitAsync(HttpClient client, string url, CancellationToken ct)
    {
        try
        {
            await Wait.UntilAsync("Docker's registry to answer", async token =>
            {
                using var answer = await client.GetAsync(new Uri(url), token);
                return (answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}\n{Log}");
            }, StartDeadline, ct);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private void Append(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
