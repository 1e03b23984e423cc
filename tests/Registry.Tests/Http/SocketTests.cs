using System.Net;
using System.Net.Sockets;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Hosting;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class SocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("socket-").FullName;

    private string SocketPath => Path.Combine(_folder, "registry.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Registry_serves_on_a_socket_and_removes_it_at_the_end()
    {
        await using (TestRegistry registry = await TestRegistry.StartAsync(c => c with { Http = c.Http with { SocketPath = SocketPath } }))
        {
            await registry.PushImageAsync("team/app", "v1");
            using HttpResponseMessage tags = await registry.GetAsync("/v2/team/app/tags/list");
            Assert.Equal((HttpStatusCode.OK, true), (tags.StatusCode, File.Exists(SocketPath)));
        }

        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public void Nothing_there_is_room() => Assert.Null(SocketFile.MakeRoom(SocketPath));

    [Fact]
    public async Task Socket_of_a_dead_process_is_replaced()
    {
        LeaveSocket();

        ConfigurationProblem? problem = SocketFile.MakeRoom(SocketPath);
        bool isThere = File.Exists(SocketPath);
        await using TestRegistry registry = await TestRegistry.StartAsync(c => c with { Http = c.Http with { SocketPath = SocketPath } });
        using HttpResponseMessage response = await registry.GetAsync("/v2/");

        Assert.Equal((null, false, HttpStatusCode.OK), (problem, isThere, response.StatusCode));
    }

    [Fact]
    public void Socket_that_is_listened_on_is_refused_and_left()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();

        AssertRefused("another process listens on");
        Assert.True(File.Exists(SocketPath));
    }

    [Fact]
    public void File_that_is_no_socket_is_refused_and_left()
    {
        File.WriteAllText(SocketPath, "precious");

        AssertRefused("is no socket");
        Assert.Equal("precious", File.ReadAllText(SocketPath));
    }

    [Fact]
    public void Folder_in_its_place_is_refused()
    {
        Directory.CreateDirectory(SocketPath);

        AssertRefused("is no socket");
    }

    [Fact]
    public void Link_to_a_dead_socket_is_refused_and_left()
    {
        LeaveSocket();
        File.Move(SocketPath, $"{SocketPath}.old");
        File.CreateSymbolicLink(SocketPath, $"{SocketPath}.old");

        AssertRefused("is no socket");
        Assert.NotNull(File.ResolveLinkTarget(SocketPath, returnFinalTarget: false));
    }

    [Fact]
    public void Folder_that_is_missing_is_told()
    {
        ConfigurationProblem? problem = SocketFile.MakeRoom(Path.Combine(_folder, "missing", "registry.sock"));

        Assert.Equal("http.addr", problem!.Path);
        Assert.Contains("does not exist", problem.Message, StringComparison.Ordinal);
    }

    private void AssertRefused(string reason)
    {
        ConfigurationProblem? problem = SocketFile.MakeRoom(SocketPath);
        Assert.Equal("http.addr", problem?.Path);
        Assert.Contains(reason, problem!.Message, StringComparison.Ordinal);
    }

    // A socket is removed with its end by the name that it was bound to: another name for it stays, as after a kill.
    private void LeaveSocket()
    {
        string bound = $"{SocketPath}.bound";
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(bound));
            socket.Listen();
            File.Move(bound, SocketPath);
        }

        Assert.True(File.Exists(SocketPath));
    }
}
