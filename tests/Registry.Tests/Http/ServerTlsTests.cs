using System.Security.Cryptography.X509Certificates;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Hosting;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>What is said of files that TLS cannot be spoken with.</summary>
public sealed class ServerTlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly TlsConfiguration _tls;

    public ServerTlsTests()
    {
        (string certificate, string key) = _certificates.WriteServer("server");
        _tls = new TlsConfiguration { Certificate = certificate, Key = key };
    }

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public void Load_of_good_files_takes_them()
    {
        var problems = new List<ConfigurationProblem>();

        var tls = ServerTls.Load(_tls with { ClientAuthorities = [_certificates.WriteAuthority()] }, problems);

        Assert.Empty(problems);
        Assert.Equal("CN=server", tls!.Certificate.Subject);
    }

    [Fact]
    public void Load_without_files_tells_them_all()
    {
        var problems = new List<ConfigurationProblem>();

        var tls = ServerTls.Load(
            new TlsConfiguration { Certificate = "/nowhere/c", Key = "/nowhere/k", ClientAuthorities = [_certificates.WriteAuthority(), "/nowhere/a"] }, problems);

        Assert.Null(tls);
        Assert.Equal(["http.tls.clientcas[1]", "http.tls.certificate", "http.tls.key"], problems.Select(p => p.Path));
        Assert.All(problems, p => Assert.Contains("cannot be read", p.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void Load_of_a_certificate_that_is_none_says_so(string pem) =>
        AssertRefused(_tls with { Certificate = _certificates.Write("bad.crt", pem) }, "http.tls.certificate", "does not hold certificates in PEM");

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public void Load_of_a_key_that_is_none_says_so(string pem) =>
        AssertRefused(_tls with { Key = _certificates.Write("bad.key", pem) }, "http.tls.key", "does not hold the private key");

    [Fact]
    public void Load_of_the_key_of_another_certificate_says_so() =>
        AssertRefused(_tls with { Key = _certificates.WriteServer("other").Key }, "http.tls.key", "does not hold the private key");

    [Fact]
    public void Load_of_authorities_that_are_none_says_so() =>
        AssertRefused(_tls with { ClientAuthorities = [_tls.Key] }, "http.tls.clientcas[0]", "does not hold certificates in PEM");

    [Fact]
    public void Load_of_an_authority_without_its_root_says_so()
    {
        using X509Certificate2 lower = TestCertificates.MakeAuthority("lower", _certificates.Authority);

        AssertRefused(
            _tls with { ClientAuthorities = [_certificates.Write("lower.crt", lower.ExportCertificatePem())] },
            "http.tls.clientcas",
            "has \"CN=lower\" without its issuer \"CN=the authority\"");
    }

    private static void AssertRefused(TlsConfiguration configuration, string path, string reason)
    {
        var problems = new List<ConfigurationProblem>();

        Assert.Null(ServerTls.Load(configuration, problems));

        ConfigurationProblem problem = Assert.Single(problems);
        Assert.Equal(path, problem.Path);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }
}
