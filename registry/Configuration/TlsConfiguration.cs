using System.Security.Authentication;

namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>http.tls</c> section. It names files; whoever serves reads them.</summary>
public sealed record TlsConfiguration
{
    /// <summary>The file with the server's certificate and those between it and its root, in PEM (<c>certificate</c>).</summary>
    public required string Certificate { get; init; }

    /// <summary>The file with that certificate's private key, in PEM and not encrypted (<c>key</c>).</summary>
    public required string Key { get; init; }

    /// <summary>The files with the authorities whose client certificates are good, in PEM (<c>clientcas</c>).</summary>
    public IReadOnlyList<string> ClientAuthorities { get; init; } = [];

    /// <summary>What clients must show (<c>clientauth</c>).</summary>
    public ClientAuthentication ClientAuthentication { get; init; }

    /// <summary>The versions that are spoken (<c>minimumtls</c>).</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;
}
