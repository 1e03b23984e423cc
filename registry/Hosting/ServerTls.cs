using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Hosting;

/// <summary>How the registry speaks TLS: with the certificate that its files hold, which may change while it serves.</summary>
internal sealed class ServerTls
{
    /// <summary>RFC 5280, section 4.2.1.12: id-kp-clientAuth.</summary>
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly TlsConfiguration _configuration;
    private readonly X509Certificate2Collection _authorities;
    private CertificateFiles _seen;
    private volatile SslStreamCertificateContext _certificate;

    private ServerTls(TlsConfiguration configuration, X509Certificate2Collection authorities, CertificateFiles files, SslStreamCertificateContext certificate)
    {
        _configuration = configuration;
        _authorities = authorities;
        _seen = files;
        _certificate = certificate;
    }

    /// <summary>The certificate that new connections are shown.</summary>
    public X509Certificate2 Certificate => _certificate.TargetCertificate;

    /// <summary>Reads the files.</summary>
    /// <param name="configuration">Names them.</param>
    /// <param name="problems">Gets every reason why TLS cannot be spoken.</param>
    /// <returns>What TLS is spoken with; null if there are problems.</returns>
    public static ServerTls? Load(TlsConfiguration configuration, ICollection<ConfigurationProblem> problems)
    {
        X509Certificate2Collection authorities = CertificateFiles.ReadAuthorities(configuration, problems);
        var files = CertificateFiles.Read(configuration, problems);
        return files?.Parse(configuration, problems) is { } certificate && problems.Count == 0
            ? new ServerTls(configuration, authorities, files, certificate)
            : null;
    }

    /// <summary>Reads the certificate and its key anew. Only one caller at a time.</summary>
    /// <param name="problems">Gets the reasons why they cannot be taken, once for each content; the former certificate is shown on.</param>
    /// <returns>Whether another certificate is shown from now on.</returns>
    public bool Renew(ICollection<ConfigurationProblem> problems)
    {
        if (CertificateFiles.Read(_configuration, problems) is not { } files || files.IsSameAs(_seen))
        {
            return false;
        }

        // Whoever writes the files one after the other is seen in between: the next look finds the rest.
        _seen = files;
        if (files.Parse(_configuration, problems) is not { } certificate)
        {
            return false;
        }

        _certificate = certificate;
        return true;
    }

    /// <summary>What a new connection is told.</summary>
    public SslServerAuthenticationOptions Options() => new()
    {
        ServerCertificateContext = _certificate,
        EnabledSslProtocols = _configuration.Protocols,
        ClientCertificateRequired = _configuration.ClientAuthentication != ClientAuthentication.None,
        CertificateChainPolicy = ClientPolicy(),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsGood(certificate, errors),
    };

    private bool IsGood(X509Certificate? certificate, SslPolicyErrors errors) => _configuration.ClientAuthentication switch
    {
        ClientAuthentication.RequireAndVerify => certificate is not null && errors == SslPolicyErrors.None,
        ClientAuthentication.VerifyIfGiven => certificate is null || errors == SslPolicyErrors.None,
        ClientAuthentication.RequireAny => certificate is not null,
        _ => true,
    };

    // The registry dials nobody for a client's sake: no missing issuer is fetched, and no list of revoked certificates.
    private X509ChainPolicy ClientPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        policy.ApplicationPolicy.Add(new Oid(ClientUse));
        return policy;
    }
}
