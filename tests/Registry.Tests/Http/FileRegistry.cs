using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Tests.Storage;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>A registry whose blobs lie in files, each somewhere in the middle of one.</summary>
internal sealed class FileRegistry : IAsyncDisposable
{
    public const string Name = "app";

    private const int Before = 100;

    private readonly string _folder = Directory.CreateTempSubdirectory("files-").FullName;
    private readonly InMemoryStore _inner = new();
    private readonly TestCertificates _certificates = new();
    private readonly TestRegistry _registry;

    private FileRegistry(FaultyStore store, TestRegistry registry, InMemoryStore inner, TestCertificates certificates)
    {
        _inner = inner;
        _certificates = certificates;
        _registry = registry;
        store.Instead = Open;
    }

    public TestRegistry Registry => _registry;

    /// <summary>The files that were opened for clients.</summary>
    public ConcurrentQueue<FileStream> Opened { get; } = [];

    /// <summary>What the registry said of files that it could not read.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = [];

    /// <param name="tls">Whether it speaks TLS, and HTTP/2.</param>
    /// <param name="limit">Changes the server's limits.</param>
    public static async Task<FileRegistry> StartAsync(bool tls = false, Action<KestrelServerLimits>? limit = null)
    {
        var inner = new InMemoryStore();
        var certificates = new TestCertificates();
        var store = new FaultyStore(inner);
        (string certificate, string key) = certificates.WriteServer("server");
        TestRegistry registry = await TestRegistry.StartAsync(
            c => tls ? c with { Http = c.Http with { Tls = new TlsConfiguration { Certificate = certificate, Key = key }, Http2 = true } } : c,
            services =>
            {
                services.AddSingleton<IObjectStore>(store);
                services.PostConfigure<KestrelServerOptions>(kestrel => limit?.Invoke(kestrel.Limits));
            });
        return new FileRegistry(store, registry, inner, certificates);
    }

    /// <summary>Puts a blob into a file, and gives its path in the registry's API.</summary>
    /// <param name="content">The blob.</param>
    /// <param name="there">How many of its bytes the file has; null for all, and more behind them.</param>
    public async Task<string> AddAsync(byte[] content, int? there = null)
    {
        Digest digest = Digest.TryParse(TestContent.Sha256(content), out Digest parsed) ? parsed : throw new InvalidOperationException();
        await _inner.WriteAsync(KeyLayout.BlobData(digest), content, onlyIfAbsent: false, CancellationToken.None);
        RepositoryName name = RepositoryName.TryParse(Name, out RepositoryName n) ? n : throw new InvalidOperationException();
        await _registry.Services.GetRequiredService<BlobStore>().LinkAsync(name, digest, content.Length, CancellationToken.None);
        byte[] file = [.. TestContent.Bytes(Before, seed: 7), .. content.AsSpan(0, there ?? content.Length), .. there is null ? TestContent.Bytes(50, seed: 8) : []];
        await File.WriteAllBytesAsync(PathOf(KeyLayout.BlobData(digest)), file);
        return $"/v2/{Name}/blobs/{digest}";
    }

    /// <summary>A client that trusts it.</summary>
    public HttpClient Client(Version version)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { _certificates.Authority },
        };
        return new HttpClient(handler)
        {
            BaseAddress = _registry.Url,
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _inner.Dispose();
        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ObjectContent? Open(string key, long offset)
    {
        if (!File.Exists(PathOf(key)))
        {
            return null;
        }

        FileStream file = File.OpenRead(PathOf(key));
        file.Position = Before + offset;
        Opened.Enqueue(file);
        long size = _inner.StatAsync(key, CancellationToken.None).Result!.Value;
        return new ObjectContent(size, file) { File = file.SafeFileHandle, FileOffset = Before + offset, FileFailed = Failures.Enqueue };
    }

    private string PathOf(string key) => Path.Combine(_folder, key.Replace('/', '_'));
}
