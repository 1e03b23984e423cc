using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Configuration.Mirrors;
using LocalRegistry.Registry.Mirror.Node;
using Xunit;

namespace LocalRegistry.Registry.Tests.Mirror.Node;

/// <summary>What is seen of the node's registry, whatever answers in its place.</summary>
public sealed class NodeRegistryTests
{
    // What answers here shares this machine with all other tests.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly int _port = StandInRegistry.FreePort();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.OK, nameof(RegistryStanding.StandsIn))]
    [InlineData(HttpStatusCode.NotFound, nameof(RegistryStanding.Otherwise))]
    [InlineData(HttpStatusCode.Redirect, nameof(RegistryStanding.Otherwise))]
    [InlineData(HttpStatusCode.TooManyRequests, nameof(RegistryStanding.Silent))]
    [InlineData(HttpStatusCode.ServiceUnavailable, nameof(RegistryStanding.Silent))]
    public async Task An_answer_tells_whether_it_stands_in_for_the_hosts(HttpStatusCode answer, string expected)
    {
        using StandInRegistry registry = StandInRegistry.Start(_port, hosts: answer);
        using var seen = new NodeRegistry(Configuration(), Patience);

        Assert.Equal(expected, (await seen.AskAsync(Token)).Standing.ToString());
    }

    [Fact]
    public async Task The_hosts_that_it_does_not_know_are_told()
    {
        using StandInRegistry registry = StandInRegistry.Start(_port, hosts: HttpStatusCode.NotFound, known: "reg.example.com");
        using var seen = new NodeRegistry(Configuration("reg.example.com", "other.example.com"), Patience);

        RegistryAnswer answer = await seen.AskAsync(Token);

        Assert.Equal((RegistryStanding.Otherwise, new ImageHost("other.example.com")), (answer.Standing, Assert.Single(answer.Unknown)));
    }

    [Fact]
    public async Task No_answer_is_none()
    {
        using var seen = new NodeRegistry(Configuration());

        Assert.Equal(RegistryStanding.Silent, (await seen.AskAsync(Token)).Standing);
    }

    [Theory]
    [InlineData("{\"hosts\":{},\"last\":\"2026-11-24T20:00:00Z\"}", "2026-11-24T20:00:00Z")]
    [InlineData("{\"hosts\":{}}", null)]
    [InlineData("[]", null)]
    [InlineData("{\"last\":3}", null)]
    [InlineData("no JSON", null)]
    [InlineData("", null)]
    public async Task The_registry_says_when_it_was_asked_last(string answer, string? expected)
    {
        using StandInRegistry registry = StandInRegistry.Start(_port, answer);
        using var seen = new NodeRegistry(Configuration(), Patience);

        DateTimeOffset? last = await seen.LastRequestAsync(Token);

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), last);
    }

    [Fact]
    public async Task An_answer_that_is_too_long_says_nothing()
    {
        using StandInRegistry registry = StandInRegistry.Start(_port, $"{{\"last\":\"2026-11-24T20:00:00Z\",\"more\":\"{new string('x', 64 << 10)}\"}}");
        using var seen = new NodeRegistry(Configuration());

        Assert.Null(await seen.LastRequestAsync(Token));
    }

    [Fact]
    public async Task An_answer_that_does_not_end_says_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, _port);
        listener.Start();
        using var seen = new NodeRegistry(Configuration());

        Task<DateTimeOffset?> last = seen.LastRequestAsync(Token);
        using TcpClient asking = await listener.AcceptTcpClientAsync(Token);
        await asking.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"u8.ToArray(), Token);

        Assert.Null(await last.WaitAsync(TimeSpan.FromSeconds(60), Token));
    }

    private MirrorConfiguration Configuration(params string[] hosts)
    {
        Assert.True(ListenAddress.TryParse($"127.0.0.1:{_port}", out ListenAddress? address));
        return new MirrorConfiguration { Owner = NodeFolders.Owner, Registry = address, Debug = address, Mirrors = [.. hosts.DefaultIfEmpty("reg.example.com").Select(h => NodeFolders.Rule(h))] };
    }
}
