using System.Net;
using System.Net.Sockets;
using LocalRegistry.Registry.Cache;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Hosting;
using LocalRegistry.Registry.Login;
using LocalRegistry.Registry.Oci;
using LocalRegistry.Registry.Storage.Drivers;
using LocalRegistry.Registry.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>A registry on free ports of the loopback interface, and a client that speaks to it over real connections.</summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    private const string SocketScheme = "http://unix:";

    private readonly WebApplication _server;
    private readonly HttpClient _client;

    private TestRegistry(WebApplication server)
    {
        _server = server;
        string[] urls = [.. server.Urls];
        bool isSocket = urls[0].StartsWith(SocketScheme, StringComparison.Ordinal);
        Url = new Uri(isSocket ? "http://localhost" : urls[0]);
        DebugUrl = urls.Length > 1 ? new Uri(urls[1]) : null;
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (isSocket)
        {
            handler.ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(urls[0][SocketScheme.Length..]), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        _client = new HttpClient(handler) { BaseAddress = Url };
    }

    public Uri Url { get; }

    /// <summary>Where the debug listener is; null if the configuration has none.</summary>
    public Uri? DebugUrl { get; }

    public IServiceProvider Services => _server.Services;

    public IObjectStore Store => _server.Services.GetRequiredService<IObjectStore>();

    /// <summary>Starts a registry with the in-memory driver, and with whatever else the test asks for.</summary>
    public static async Task<TestRegistry> StartAsync(
        Func<RegistryConfiguration, RegistryConfiguration>? configure = null,
        Action<IServiceCollection>? replace = null,
        MirrorConfiguration? mirrors = null,
        OtlpSettings? traces = null,
        NodeCacheSettings? cache = null)
    {
        var configuration = new RegistryConfiguration
        {
            Storage = new StorageConfiguration { Driver = new InMemoryDriver() },
            Http = new HttpConfiguration { Address = new ListenAddress(IPAddress.Loopback, 0) },
            Log = new LogConfiguration { Level = LogThreshold.Error },
        };
        configuration = configure?.Invoke(configuration) ?? configuration;
        List<ConfigurationProblem> problems = [];
        ServerTls? tls = configuration.Http.Tls is { } files ? ServerTls.Load(files, problems) : null;
        HtpasswdFile? users = configuration.Htpasswd is { } htpasswd ? HtpasswdFile.Load(htpasswd, problems) : null;
        Assert.Empty(problems);
        WebApplication server = RegistryServer.Create(configuration, mirrors, tls, users, traces, replace, cache);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new TestRegistry(server);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<HttpResponseMessage> HeadAsync(string path, params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(HttpMethod.Head, path, null, headers);

    /// <summary>Sends a request; headers are sent as they are given, whatever a well-meant client would say of them.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, byte[]? body = null, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        foreach ((string name, string value) in headers)
        {
            bool isOfContent = name.StartsWith("Content-", StringComparison.Ordinal);
            Assert.True(isOfContent ? request.Content!.Headers.TryAddWithoutValidation(name, value) : request.Headers.TryAddWithoutValidation(name, value));
        }

        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Pushes a blob in one request and gives its digest.</summary>
    public async Task<string> PushBlobAsync(string name, byte[] content)
    {
        string digest = TestContent.Sha256(content);
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, $"/v2/{name}/blobs/uploads/?digest={digest}", content);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return digest;
    }

    /// <summary>Pushes a manifest and gives its digest.</summary>
    public async Task<string> PushManifestAsync(string name, string reference, byte[] manifest, string mediaType)
    {
        using HttpResponseMessage response = await PutManifestAsync(name, reference, manifest, mediaType);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Header("Docker-Content-Digest");
    }

    public Task<HttpResponseMessage> PutManifestAsync(string name, string reference, byte[] manifest, string mediaType) =>
        SendAsync(HttpMethod.Put, $"/v2/{name}/manifests/{reference}", manifest, ("Content-Type", mediaType));

    /// <summary>Pushes an image with one small blob and gives its manifest.</summary>
    public async Task<byte[]> PushImageAsync(string name, string tag)
    {
        byte[] blob = TestContent.Bytes(100);
        await PushBlobAsync(name, blob);
        byte[] manifest = TestContent.Manifest(MediaTypes.OciManifest, blob, tag);
        await PushManifestAsync(name, tag, manifest, MediaTypes.OciManifest);
        return manifest;
    }

    /// <summary>Opens an upload and gives the path where it goes on.</summary>
    public async Task<string> BeginUploadAsync(string name, string query = "")
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, $"/v2/{name}/blobs/uploads/{query}");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.AbsolutePath;
    }

    /// <summary>Sends a chunk without saying where it belongs.</summary>
    public async Task AppendAsync(string upload, byte[] content)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Patch, upload, content);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    public Task<HttpResponseMessage> FinishAsync(string upload, string digest, byte[]? content = null) =>
        SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", content ?? []);

    /// <summary>Reads a blob back; fails the test if it is not there.</summary>
    public async Task<byte[]> ReadBlobAsync(string name, string digest)
    {
        using HttpResponseMessage response = await GetAsync($"/v2/{name}/blobs/{digest}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.BytesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
    }
}
