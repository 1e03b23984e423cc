using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Hosting;

/// <summary>What stands in the files of <c>http.tls</c>. Problems are told with the path of the key that names the file.</summary>
internal sealed class CertificateFiles
{
    private const string CertificateKey = "http.tls.certificate";
    private const string PrivateKey = "http.tls.key";

    private readonly string _certificate;
    private readonly string _key;

    private CertificateFiles(string certificate, string key) => (_certificate, _key) = (certificate, key);

    /// <summary>Reads the certificate and its key as they are now.</summary>
    /// <returns>The files' content; null if one cannot be read.</returns>
    public static CertificateFiles? Read(TlsConfiguration tls, ICollection<ConfigurationProblem> problems)
    {
        string? certificate = ReadText(tls.Certificate, CertificateKey, problems);
        string? key = ReadText(tls.Key, PrivateKey, problems);
        return certificate is null || key is null ? null : new CertificateFiles(certificate, key);
    }

    /// <summary>Reads the authorities of clients.</summary>
    public static X509Certificate2Collection ReadAuthorities(TlsConfiguration tls, ICollection<ConfigurationProblem> problems)
    {
        X509Certificate2Collection authorities = [];
        foreach ((int index, string path) in tls.ClientAuthorities.Index())
        {
            string key = $"http.tls.clientcas[{index}]";
            if (ReadText(path, key, problems) is { } pem && ParseChain(pem, path, key, problems) is { } read)
            {
                authorities.AddRange(read);
            }
        }

        // A chain ends at a root: an authority whose own issuer is not there would make every client's certificate bad.
        foreach (X509Certificate2 orphan in authorities.Where(a => !authorities.Any(i => i.SubjectName.RawData.AsSpan().SequenceEqual(a.IssuerName.RawData))))
        {
            problems.Add(new ConfigurationProblem(
                "http.tls.clientcas", null, $"has \"{orphan.Subject}\" without its issuer \"{orphan.Issuer}\": add the certificates up to the root"));
        }

        return authorities;
    }

    /// <summary>Whether both have the same content.</summary>
    public bool IsSameAs(CertificateFiles other) =>
        string.Equals(_certificate, other._certificate, StringComparison.Ordinal) && string.Equals(_key, other._key, StringComparison.Ordinal);

    /// <summary>Makes of the content what a server shows: its certificate, and those between it and its root.</summary>
    /// <returns>What is shown; null if the content is no certificate with its key.</returns>
    public SslStreamCertificateContext? Parse(TlsConfiguration tls, ICollection<ConfigurationProblem> problems)
    {
        if (ParseChain(_certificate, tls.Certificate, CertificateKey, problems) is not { } chain)
        {
            return null;
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPem(_certificate, _key);
            chain.RemoveAt(0);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            problems.Add(new ConfigurationProblem(
                PrivateKey, null, $"{tls.Key} does not hold the private key, in PEM and not encrypted, of the first certificate in {tls.Certificate}: {e.Message}"));
            return null;
        }
    }

    private static X509Certificate2Collection? ParseChain(string pem, string path, string key, ICollection<ConfigurationProblem> problems)
    {
        X509Certificate2Collection chain = [];
        string? reason = null;
        try
        {
            chain.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            reason = $": {e.Message}";
        }

        if (reason is null && chain.Count > 0)
        {
            return chain;
        }

        problems.Add(new ConfigurationProblem(key, null, $"{path} does not hold certificates in PEM{reason}"));
        return null;
    }

    private static string? ReadText(string path, string key, ICollection<ConfigurationProblem> problems)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add(new ConfigurationProblem(key, null, $"{path} cannot be read: {e.Message}"));
            return null;
        }
    }
}
