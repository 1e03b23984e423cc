using System.Net;

namespace LocalRegistry.Testbed;

/// <summary>Docker's own registry (Debian's package, 2.8), run on this machine beside ours: what it wrote, ours must serve.</summary>
public sealed class DockerRegistry : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);

    private readonly RunningProgram _program;
    private readonly string _configPath;

    private DockerRegistry(RunningProgram program, string configPath, string address)
    {
        _program = program;
        _configPath = configPath;
        Address = address;
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
    public static Task<DockerRegistry> StartAsync(string driver, CancellationToken ct) => StartAsync(driver, null, ct);

    /// <summary>Starts it with its storage in memory and a certificate, as hosts of images have one.</summary>
    /// <param name="certificate">The certificate and its key, in PEM one after the other.</param>
    /// <param name="ct">Ends the wait for its start.</param>
    public static Task<DockerRegistry> StartSecureAsync(string certificate, CancellationToken ct) => StartAsync("  inmemory: {}", certificate, ct);

    private static async Task<DockerRegistry> StartAsync(string driver, string? certificate, CancellationToken ct)
    {
        var address = $"127.0.0.1:{FreePort.Find()}";
        var configPath = Path.GetTempFileName();
        // The parts of a file in PEM are told apart by whoever reads it.
        string tls = certificate is null ? "" : $"  tls:\n    certificate: {configPath}.pem\n    key: {configPath}.pem\n";
        await File.WriteAllTextAsync($"{configPath}.pem", certificate, ct);
        await File.WriteAllTextAsync(configPath, $"version: 0.1\nlog:\n  level: warn\nstorage:\n{driver}\nhttp:\n  addr: {address}\n{tls}", ct);
        // Its old AWS SDK takes the bundle for its only trust and then fails over plain http too.
        var program = RunningProgram.Start("docker-registry", ["serve", configPath], new KeyValuePair<string, string?>("AWS_CA_BUNDLE", null));
        var registry = new DockerRegistry(program, configPath, address);
        try
        {
            // Who asks under its name looks at the certificate; it has an authority that this process does not know.
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
            using var client = new HttpClient(handler);
            await Wait.UntilAsync("Docker's registry to answer", async token =>
            {
                using var answer = await client.GetAsync(new Uri($"{(certificate is null ? "http" : "https")}://{address}/v2/"), token);
                return (answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}\n{registry.Log}");
            }, StartDeadline, ct);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it logged so far.</summary>
    public string Log => _program.Log;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        File.Delete(_configPath);
        File.Delete($"{_configPath}.pem");
    }
}
