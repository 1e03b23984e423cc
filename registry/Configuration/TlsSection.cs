using System.Security.Authentication;

namespace LocalRegistry.Registry.Configuration;

/// <summary>Reads <c>http.tls</c>.</summary>
internal static class TlsSection
{
    /// <returns>The configuration; null if the section is absent or has no keys.</returns>
    public static TlsConfiguration? Read(Section section)
    {
        // A section of which only an unsuitable part is there must not end in plain HTTP.
        if (!section.Unread.Any())
        {
            return null;
        }

        IReadOnlyList<string> authorities = section.TextList("clientcas") ?? [];
        if (authorities.Any(a => a.Length == 0))
        {
            section.Invalid("clientcas", "must be a list of paths, such as [/certs/clients.crt]");
        }

        var tls = new TlsConfiguration
        {
            Certificate = section.RequiredText("certificate", "name the PEM file of the server's certificate"),
            Key = section.RequiredText("key", "name the PEM file of the certificate's private key"),
            ClientAuthorities = authorities,
            ClientAuthentication = section.Choice(
                "clientauth",
                authorities.Count == 0 ? ClientAuthentication.None : ClientAuthentication.RequireAndVerify,
                ("require-and-verify-client-cert", ClientAuthentication.RequireAndVerify),
                ("verify-client-cert-if-given", ClientAuthentication.VerifyIfGiven),
                ("require-any-client-cert", ClientAuthentication.RequireAny),
                ("request-client-cert", ClientAuthentication.Request)),
            Protocols = section.Choice(
                "minimumtls",
                SslProtocols.Tls12 | SslProtocols.Tls13,
                ("tls1.2", SslProtocols.Tls12 | SslProtocols.Tls13),
                ("tls1.3", SslProtocols.Tls13)),
        };
        if (authorities.Count == 0 && tls.ClientAuthentication is ClientAuthentication.RequireAndVerify or ClientAuthentication.VerifyIfGiven)
        {
            section.Invalid("clientauth", "verifies certificates and needs their authorities: name their PEM files in clientcas");
        }

        section.Unsupported("letsencrypt", "is not supported: let another program renew the certificate, in the files that certificate and key name, and remove it");
        section.Unsupported("ciphersuites", "is not supported: the system's TLS library chooses them; remove it");
        section.End();
        return tls;
    }
}
