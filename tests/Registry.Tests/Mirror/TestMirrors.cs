using System.Net;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Tests.Mirror;

/// <summary>A <c>mirrors.yml</c> of hosts and where their repositories lie.</summary>
internal static class TestMirrors
{
    public static MirrorConfiguration Of(params IEnumerable<(string Host, string Prefix)> mirrors) => new()
    {
        Owner = "team/registry",
        Registry = new ListenAddress(IPAddress.Loopback, 5000),
        Mirrors = [.. mirrors.Select(m => new MirrorRule { Host = new ImageHost(m.Host), Prefix = m.Prefix })],
    };
}
