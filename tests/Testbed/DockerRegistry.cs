using System.Net;

namespace LocalRegistry.Testbed;

/// <summary>Docker's own registry (Debian's package, 2.8), run on this machine beside ours: what it wrote, ours must serve.</summary>
public sealed class DockerRegistry : IAsyncDisposable
{
    private const string Program = "docker-registry";
    private const string Memory = "  inmemory: {}";

    // Its old AWS SDK takes the bundle for its only trust and then fails over plain http too.
    private const string BundleVariable = "AWS_CA_BUNDLE";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly RunningProgram _program;
    private readonly string _folder;

    private DockerRegistry(RunningProgram program, string folder, string address)
    {
        _program = program;
        _folder = folder;
        Address = address;
    }

    /// <summary>Host and port, as they stand in an image's name.</summary>
    public string Address { get; }

    /// <summary>What it logged so far.</summary>
    public string Log => _program.Log;

    /// <summary>Starts it on a bucket, of which it may delete.</summary>
    /// <param name="s3">The S3 server.</param>
    /// <param name="bucket">An existing bucket.</param>
    /// <param name="rootDirectory">The folder in the bucket.</param>
    /// <param name="ct">Ends the wait for its start.</param>
    /// <param name="variables">Variables that override keys of its configuration.</param>
    public static Task<DockerRegistry> StartAsync(
        S3Server s3, string bucket, string rootDirectory, CancellationToken ct, params KeyValuePair<string, string?>[] variables) =>
        StartAsync(null, $"127.0.0.1:{FreePort.Find()}", Storage(s3, bucket, rootDirectory), null, ct, variables);

    /// <summary>Has its garbage collector take from a bucket what no manifest names.</summary>
    /// <param name="s3">The S3 server.</param>
    /// <param name="bucket">An existing bucket, to which nobody pushes meanwhile.</param>
    /// <param name="rootDirectory">The folder in the bucket.</param>
    /// <param name="deleteUntagged">Whether it also takes the manifests that no tag names.</param>
    /// <param name="ct">Ends the wait for it.</param>
    public static async Task CollectGarbageAsync(S3Server s3, string bucket, string rootDirectory, bool deleteUntagged, CancellationToken ct)
    {
        var config = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(config, $"version: 0.1\nlog:\n  level: warn\nstorage:\n{Storage(s3, bucket, rootDirectory)}\n", ct);
            string[] options = deleteUntagged ? ["--delete-untagged"] : [];
            await CommandLine.RunAsync(
                Program,
                ["garbage-collect", .. options, config],
                new CommandOptions { Environment = new Dictionary<string, string> { [BundleVariable] = "" } },
                ct);
        }
        finally
        {
            File.Delete(config);
        }
    }

    /// <summary>Starts it with a driver of its storage section, indented by two.</summary>
    public static Task<DockerRegistry> StartAsync(string driver, CancellationToken ct) =>
        StartAsync(null, $"127.0.0.1:{FreePort.Find()}", driver, null, ct);

    /// <summary>Starts it with its storage in memory and a certificate, as hosts of images have one.</summary>
    /// <param name="certificate">The certificate and its key, in PEM one after the other.</param>
    /// <param name="ct">Ends the wait for its start.</param>
    public static Task<DockerRegistry> StartSecureAsync(string certificate, CancellationToken ct) =>
        StartAsync(null, $"127.0.0.1:{FreePort.Find()}", Memory, certificate, ct);

    /// <summary>Starts it empty in a node's network, at the node's address, over TLS with a certificate of an authority. Needs root.</summary>
    public static Task<DockerRegistry> StartAsync(Node node, int port, CertificateAuthority authority, CancellationToken ct) =>
        StartAsync(node, $"{node.Address}:{port}", Memory, authority.Issue(node.Address), ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Storage(S3Server s3, string bucket, string rootDirectory) => $$"""
          s3:
            region: us-east-1
            regionendpoint: {{s3.Endpoint}}
            accesskey: {{S3Server.AccessKey}}
            secretkey: {{S3Server.SecretKey}}
            bucket: {{bucket}}
            rootdirectory: {{rootDirectory}}
            encrypt: true
            secure: false
          delete:
            enabled: true
        """;

    private static async Task<DockerRegistry> StartAsync(
        Node? node, string address, string driver, string? certificate, CancellationToken ct, params KeyValuePair<string, string?>[] variables)
    {
        var folder = Directory.CreateTempSubdirectory("docker-registry-").FullName;
        var config = Path.Combine(folder, "config.yml");
        var pem = Path.Combine(folder, "server.pem");
        // The parts of a file in PEM are told apart by whoever reads it.
        await File.WriteAllTextAsync(pem, certificate, ct);
        var tls = certificate is null ? "" : $"  tls:\n    certificate: {pem}\n    key: {pem}\n";
        await File.WriteAllTextAsync(config, $"version: 0.1\nlog:\n  level: warn\nstorage:\n{driver}\nhttp:\n  addr: {address}\n{tls}", ct);
        string[] command = [.. node?.InNetwork(Program) ?? [Program], "serve", config];
        var registry = new DockerRegistry(
            RunningProgram.Start(
                node is null ? command[0] : "nsenter",
                node is null ? command[1..] : command,
                [new KeyValuePair<string, string?>(BundleVariable, null), .. variables]),
            folder,
            address);
        try
        {
            await registry.WaitAsync($"{(certificate is null ? "http" : "https")}://{address}/v2/", ct);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    private async Task WaitAsync(string url, CancellationToken ct)
    {
        // Who asks under its name looks at the certificate; it has an authority that this process does not know.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var client = new HttpClient(handler);
        await Wait.UntilAsync("Docker's registry to answer", async token =>
        {
            using var answer = await client.GetAsync(new Uri(url), token);
            return (answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}\n{Log}");
        }, StartDeadline, ct);
    }
}
