using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>A folder with the certificates of an authority that a test makes up.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("certificates-").FullName;

    public TestCertificates() => Authority = MakeAuthority("the authority", null);

    /// <summary>The authority, with its key.</summary>
    public X509Certificate2 Authority { get; }

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    /// <summary>Writes a server's certificate and its key, and gives both paths.</summary>
    public (string Certificate, string Key) WriteServer(string name)
    {
        using X509Certificate2 server = Issue(name);
        return (Write($"{name}.crt", server.ExportCertificatePem()), Write($"{name}.key", KeyOf(server)));
    }

    /// <summary>Writes the authority's certificate and gives its path.</summary>
    public string WriteAuthority() => Write("authority.crt", Authority.ExportCertificatePem());

    public static string KeyOf(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    /// <summary>Makes an authority; with none given, a root.</summary>
    public static X509Certificate2 MakeAuthority(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return Sign(request, key, issuer);
    }

    /// <summary>Makes a certificate that is good for a server on the loopback interface and for a client.</summary>
    /// <param name="name">The subject.</param>
    /// <param name="issuer">Who signs it; the authority if left out.</param>
    /// <param name="use">The only use that it is good for; both if left out.</param>
    public X509Certificate2 Issue(string name, X509Certificate2? issuer = null, string? use = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        OidCollection uses = [];
        foreach (string each in use is null ? ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"] : (string[])[use])
        {
            uses.Add(new Oid(each));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, false));
        return Sign(request, key, issuer ?? Authority);
    }

    public void Dispose()
    {
        Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static X509Certificate2 Sign(CertificateRequest request, ECDsa key, X509Certificate2? issuer)
    {
        if (issuer is null)
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            return request.CreateSelfSigned(now.AddHours(-2), now.AddHours(2));
        }

        using X509Certificate2 certificate = request.Create(issuer, issuer.NotBefore, issuer.NotAfter, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
