using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace LocalRegistry.Registry.Configuration;

/// <summary>A TCP address to listen on, as Go writes it: <c>:5000</c>, <c>127.0.0.1:5000</c>, <c>[::1]:5000</c>, <c>localhost:5000</c>.</summary>
/// <param name="Ip">The interface; null for all of them.</param>
/// <param name="Port">The port; 0 lets the system choose.</param>
public sealed record ListenAddress(IPAddress? Ip, int Port)
{
    /// <summary>Reads an address.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        int colon = text.LastIndexOf(':');
        if (colon < 0 || !WholeNumber.TryParse(text.AsSpan(colon + 1), ushort.MaxValue, out int port))
        {
            return false;
        }

        string host = text[..colon];
        if (host.Length == 0)
        {
            address = new ListenAddress(null, port);
            return true;
        }

        if (host == "localhost")
        {
            address = new ListenAddress(IPAddress.Loopback, port);
            return true;
        }

        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out IPAddress? ip)
            || bracketed != (ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6))
        {
            return false;
        }

        address = new ListenAddress(ip, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Ip is null ? $":{Port}" : new IPEndPoint(Ip, Port).ToString();
}
