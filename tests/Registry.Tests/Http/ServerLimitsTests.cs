using System.Text;
using LocalRegistry.Registry.Hosting;
using LocalRegistry.Registry.Oci;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>What a client gets that asks for too much, over real connections.</summary>
public sealed class ServerLimitsTests(RegistryFixture fixture) : IClassFixture<RegistryFixture>
{
    private readonly TestRegistry _registry = fixture.Registry;

    [Theory]
    [InlineData(ServerLimits.RequestLine - 100, 404)]
    [InlineData(ServerLimits.RequestLine + 100, 414)]
    public async Task Request_line_that_is_too_long_is_414(int length, int status) =>
        Assert.Equal(status, await AskAsync($"GET /v2/a/manifests/t?x={new string('x', length - 40)}"));

    [Theory]
    [InlineData(ServerLimits.Headers - 200, 200)]
    [InlineData(ServerLimits.Headers, 431)]
    public async Task Headers_that_are_too_long_are_431(int length, int status) =>
        Assert.Equal(status, await AskAsync("GET /v2/", $"Authorization: Bearer {new string('x', length)}"));

    [Theory]
    [InlineData(ServerLimits.HeaderCount - 1, 200)]
    [InlineData(ServerLimits.HeaderCount, 431)]
    public async Task Headers_that_are_too_many_are_431(int count, int status) =>
        Assert.Equal(status, await AskAsync("GET /v2/", [.. Enumerable.Range(0, count).Select(n => $"X-{n}: x")]));

    [Theory]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("GET /v2/\r\n\r\n")]
    [InlineData("\0\u0001\u0002\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n")]
    public async Task Bytes_that_are_no_request_are_400(string bytes)
    {
        using RawConnection connection = await RawConnection.OpenAsync(_registry.Url);
        await connection.SendAsync(Encoding.Latin1.GetBytes(bytes));

        Assert.Equal(400, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task Request_of_two_lengths_is_read_by_one_of_them_alone()
    {
        // A proxy before the registry may read it by the other: what follows must not become a request of its own.
        using RawConnection connection = await RawConnection.OpenAsync(_registry.Url);
        await connection.SendAsync("PUT /v2/a/manifests/t HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v2/ HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        (int status, Dictionary<string, string> headers, _) = await connection.ReceiveAsync();

        Assert.Equal((400, "close"), (status, headers.GetValueOrDefault("Connection")));
    }

    [Fact]
    public async Task Manifest_that_is_announced_as_too_large_is_413_before_a_byte_of_it_is_sent()
    {
        using RawConnection connection = await RawConnection.OpenAsync(_registry.Url);
        await connection.SendHeadAsync("PUT /v2/a/manifests/t", $"Content-Type: {MediaTypes.OciManifest}", $"Content-Length: {ManifestDocument.MaximumSize + 1}", "Expect: 100-continue");
        (int status, _, byte[] body) = await connection.ReceiveAsync();

        Assert.Equal(413, status);
        Assert.Contains("4194304 bytes (4 MiB)", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifest_in_chunks_that_is_too_large_is_413()
    {
        using RawConnection connection = await RawConnection.OpenAsync(_registry.Url);
        int length = ManifestDocument.MaximumSize + 1;
        await connection.SendHeadAsync("PUT /v2/a/manifests/t", $"Content-Type: {MediaTypes.OciManifest}", "Transfer-Encoding: chunked");
        await connection.SendAsync(Encoding.Latin1.GetBytes($"{length:x}\r\n{new string(' ', length)}\r\n0\r\n\r\n"));

        Assert.Equal(413, (await connection.ReceiveAsync()).Status);
    }

    [Fact]
    public async Task Manifest_nested_too_deep_is_400_and_says_how_deep_it_may_be()
    {
        string deep = $$"""{"schemaVersion":2,"manifests":[],"x":{{new string('[', 1_000_000)}}{{new string(']', 1_000_000)}}}""";

        using HttpResponseMessage response = await _registry.PutManifestAsync("a", "t", Encoding.UTF8.GetBytes(deep), MediaTypes.OciIndex);

        await response.AssertErrorAsync(400, "MANIFEST_INVALID");
        Assert.Contains("deeper than 32 levels", Encoding.UTF8.GetString(await response.BytesAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_is_slow_with_its_headers_is_408_and_cut_off()
    {
        await using TestRegistry registry = await StartAsync(limits => limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1));
        using RawConnection connection = await RawConnection.OpenAsync(registry.Url);
        await connection.SendAsync("GET /v2/ HTTP/1.1\r\nHost: a\r\nX-"u8.ToArray());

        Assert.Equal(408, (await connection.ReceiveAsync()).Status);
        await Assert.ThrowsAnyAsync<IOException>(() => connection.ReceiveAsync());
    }

    [Fact]
    public async Task Connection_beyond_the_limit_is_closed_and_there_is_room_again_once_another_ends()
    {
        await using TestRegistry registry = await StartAsync(limits => limits.MaxConcurrentConnections = 1);
        using (RawConnection first = await RawConnection.OpenAsync(registry.Url))
        {
            await first.SendHeadAsync("GET /v2/");
            Assert.Equal(200, (await first.ReceiveAsync()).Status);
            Assert.False(await IsAnsweredAsync(registry));
            await first.SendHeadAsync("GET /v2/");
            Assert.Equal(200, (await first.ReceiveAsync()).Status);
        }

        await Eventually.HoldsAsync(() => IsAnsweredAsync(registry), "there is room for a connection");
    }

    [Fact]
    public async Task Limits_are_those_that_are_documented()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        KestrelServerLimits limits = registry.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Equal((8192, 32_768, 100, 4096L), (limits.MaxRequestLineSize, limits.MaxRequestHeadersTotalSize, limits.MaxRequestHeaderCount, limits.MaxConcurrentConnections));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(130)), (limits.RequestHeadersTimeout, limits.KeepAliveTimeout));
        Assert.Null(limits.MaxRequestBodySize);
        Assert.Equal(240, limits.MinRequestBodyDataRate!.BytesPerSecond);
    }

    private static async Task<bool> IsAnsweredAsync(TestRegistry registry)
    {
        using RawConnection connection = await RawConnection.OpenAsync(registry.Url);
        try
        {
            await connection.SendHeadAsync("GET /v2/");
            return (await connection.ReceiveAsync()).Status == 200;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // After the registry's own, so that a test need not wait for half a minute or open thousands of connections.
    private static Task<TestRegistry> StartAsync(Action<KestrelServerLimits> change) =>
        TestRegistry.StartAsync(replace: services => services.PostConfigure<KestrelServerOptions>(kestrel => change(kestrel.Limits)));

    private async Task<int> AskAsync(string requestLine, params string[] headers)
    {
        using RawConnection connection = await RawConnection.OpenAsync(_registry.Url);
        await connection.SendHeadAsync(requestLine, headers);
        return (await connection.ReceiveAsync()).Status;
    }
}
