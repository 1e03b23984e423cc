using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Hosting;
using LocalRegistry.Registry.Mirror.Node;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class TlsTests : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";

    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Images_are_pushed_and_pulled_over_tls_by_the_version_that_is_on(bool http2, int version)
    {
        await using TestRegistry registry = await StartAsync(http2: http2);
        using HttpClient client = Client(registry);
        byte[] content = TestContent.Bytes(3_000_000);
        string digest = TestContent.Sha256(content);

        using var body = new ByteArrayContent(content);
        using HttpResponseMessage pushed = await client.PostAsync(new Uri($"/v2/app/blobs/uploads/?digest={digest}", UriKind.Relative), body, Cancelled);
        using HttpResponseMessage pulled = await client.GetAsync(pushed.Headers.Location, Cancelled);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (pushed.StatusCode, pulled.StatusCode));
        Assert.Equal(new Uri(registry.Url, $"/v2/app/blobs/{digest}"), pushed.Headers.Location);
        Assert.Equal("https", registry.Url.Scheme);
        Assert.Equal(content, await pulled.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal((version, version), (pushed.Version.Major, pulled.Version.Major));
    }

    [Fact]
    public async Task Plain_http_on_the_tls_port_gets_nothing()
    {
        await using TestRegistry registry = await StartAsync();
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://{registry.Url.Authority}/v2/"), Cancelled));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12 | SslProtocols.Tls13, SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls12 | SslProtocols.Tls13, SslProtocols.Tls13, true)]
    [InlineData(SslProtocols.Tls13, SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, SslProtocols.Tls13, true)]
    public async Task Only_the_versions_from_the_minimum_on_are_spoken(SslProtocols spoken, SslProtocols offered, bool works)
    {
        await using TestRegistry registry = await StartAsync(tls => tls with { Protocols = spoken });

        Assert.Equal(works, await ReachesAsync(registry, null, offered));
    }

    [Theory]
    [InlineData(ClientAuthentication.RequireAndVerify, false, true, false, false)]
    [InlineData(ClientAuthentication.VerifyIfGiven, true, true, false, false)]
    [InlineData(ClientAuthentication.RequireAny, false, true, true, true)]
    [InlineData(ClientAuthentication.Request, true, true, true, true)]
    [InlineData(ClientAuthentication.None, true, true, true, true)]
    public async Task Clients_get_in_with_what_clientauth_asks_for(ClientAuthentication asked, bool without, bool good, bool strange, bool ofServers)
    {
        await using TestRegistry registry = await StartAsync(tls => tls with
        {
            ClientAuthentication = asked,
            ClientAuthorities = [_certificates.WriteAuthority()],
        });
        using X509Certificate2 client = _certificates.Issue("client");
        using X509Certificate2 otherAuthority = TestCertificates.MakeAuthority("another authority", null);
        using X509Certificate2 stranger = _certificates.Issue("client", otherAuthority);
        using X509Certificate2 server = _certificates.Issue("client", use: ServerUse);

        Assert.Equal(
            (without, good, strange, ofServers),
            (await ReachesAsync(registry, null), await ReachesAsync(registry, client), await ReachesAsync(registry, stranger), await ReachesAsync(registry, server)));
    }

    [Fact]
    public async Task Clients_of_an_authority_below_the_root_get_in()
    {
        using X509Certificate2 lower = TestCertificates.MakeAuthority("lower", _certificates.Authority);
        string bundle = _certificates.Write("bundle.crt", $"{lower.ExportCertificatePem()}\n{_certificates.Authority.ExportCertificatePem()}\n");
        await using TestRegistry registry = await StartAsync(tls => tls with
        {
            ClientAuthentication = ClientAuthentication.RequireAndVerify,
            ClientAuthorities = [bundle],
        });
        using X509Certificate2 client = _certificates.Issue("client", lower);

        Assert.True(await ReachesAsync(registry, client));
    }

    [Fact]
    public async Task Chain_in_the_certificates_file_is_sent_with_it()
    {
        using X509Certificate2 lower = TestCertificates.MakeAuthority("lower", _certificates.Authority);
        using X509Certificate2 server = _certificates.Issue("server", lower);
        string chain = _certificates.Write("chain.crt", $"{server.ExportCertificatePem()}\n{lower.ExportCertificatePem()}\n");
        string key = _certificates.Write("chain.key", TestCertificates.KeyOf(server));
        await using TestRegistry registry = await StartAsync(tls => tls with { Certificate = chain, Key = key });

        Assert.True(await ReachesAsync(registry, null));
    }

    [Fact]
    public async Task Renewed_secret_is_shown_to_new_connections_and_a_broken_one_is_not()
    {
        // As a Secret is mounted: tls.crt -> ..data/tls.crt, ..data -> the folder of one version.
        using X509Certificate2 first = _certificates.Issue("first");
        using X509Certificate2 second = _certificates.Issue("second");
        WriteVersion("..1", first.ExportCertificatePem(), TestCertificates.KeyOf(first));
        WriteVersion("..2", second.ExportCertificatePem(), "no key");
        WriteVersion("..3", second.ExportCertificatePem(), TestCertificates.KeyOf(second));
        File.CreateSymbolicLink(_certificates.PathOf("tls.crt"), "..data/tls.crt");
        File.CreateSymbolicLink(_certificates.PathOf("tls.key"), "..data/tls.key");
        Swap("..1");
        var time = new FakeTimeProvider();
        using var log = new LogRecorder();
        await using TestRegistry registry = await StartAsync(
            tls => tls with { Certificate = _certificates.PathOf("tls.crt"), Key = _certificates.PathOf("tls.key") },
            replace: services => services.AddSingleton<TimeProvider>(time).AddSingleton<ILoggerProvider>(log));

        string before = await ShownAsync(registry);
        Swap("..2");
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(CertificateRenewal.Interval);
                return Task.FromResult(log.Texts.Any(l => l.Contains("http.tls.key", StringComparison.Ordinal)));
            },
            "the broken files are told of");
        string broken = await ShownAsync(registry);
        Swap("..3");
        await Eventually.HoldsAsync(
            async () =>
            {
                time.Advance(CertificateRenewal.Interval);
                return await ShownAsync(registry) == "CN=second";
            },
            "the new certificate is shown");

        Assert.Equal(("CN=first", "CN=first"), (before, broken));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Task<TestRegistry> StartAsync(Func<TlsConfiguration, TlsConfiguration>? configure = null, bool http2 = true, Action<IServiceCollection>? replace = null)
    {
        (string certificate, string key) = _certificates.WriteServer("server");
        var tls = new TlsConfiguration { Certificate = certificate, Key = key };
        return TestRegistry.StartAsync(
            c => c with
            {
                Http = c.Http with { Tls = configure?.Invoke(tls) ?? tls, Http2 = http2 },
                Log = new LogConfiguration { Level = LogThreshold.Warn },
            },
            replace);
    }

    private void WriteVersion(string folder, string certificate, string key)
    {
        _certificates.Write($"{folder}/tls.crt", certificate);
        _certificates.Write($"{folder}/tls.key", key);
    }

    private void Swap(string folder)
    {
        File.CreateSymbolicLink(_certificates.PathOf("..data_tmp"), folder);
        using SafeFileHandle mount = Libc.Open(_certificates.PathOf(""), Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        Assert.Equal(0, Libc.RenameAt(mount, "..data_tmp", mount, "..data"));
    }

    private HttpClient Client(TestRegistry registry, X509Certificate2? certificate = null, SslProtocols protocols = SslProtocols.None)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.EnabledSslProtocols = protocols;
        handler.SslOptions.CertificateChainPolicy = Trust();
        if (certificate is not null)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return new HttpClient(handler)
        {
            BaseAddress = registry.Url,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    private async Task<bool> ReachesAsync(TestRegistry registry, X509Certificate2? certificate, SslProtocols protocols = SslProtocols.None)
    {
        using HttpClient client = Client(registry, certificate, protocols);
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri("/v2/", UriKind.Relative), Cancelled);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private X509ChainPolicy Trust() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        CustomTrustStore = { _certificates.Authority },
    };

    private async Task<string> ShownAsync(TestRegistry registry)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(registry.Url.Host, registry.Url.Port, Cancelled);
        await using var stream = new SslStream(connection.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = registry.Url.Host, CertificateChainPolicy = Trust() }, Cancelled);
        return stream.RemoteCertificate!.Subject;
    }
}
