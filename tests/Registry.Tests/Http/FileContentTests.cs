using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using LocalRegistry.Registry.Oci;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>Blobs that lie in files, as clients get them over real connections: by the kernel's own hand without TLS, through the process with it.</summary>
public sealed class FileContentTests
{
    // More than sockets hold.
    private const int Large = 40_000_003;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false, 1)]
    [InlineData(1, false, 1)]
    [InlineData(256 * 1024, false, 1)]
    [InlineData((256 * 1024) + 1, false, 1)]
    [InlineData(7_000_003, false, 1)]
    [InlineData(0, true, 1)]
    [InlineData(7_000_003, true, 1)]
    [InlineData(0, true, 2)]
    [InlineData(7_000_003, true, 2)]
    public async Task Blob_arrives_byte_for_byte(int size, bool tls, int version)
    {
        await using FileRegistry files = await FileRegistry.StartAsync(tls);
        byte[] content = TestContent.Bytes(size);
        string path = await files.AddAsync(content);
        using HttpClient client = files.Client(new Version(version, version == 1 ? 1 : 0));

        using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);

        Assert.Equal((HttpStatusCode.OK, (long)size, version), (response.StatusCode, response.Content.Headers.ContentLength, response.Version.Major));
        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Single(files.Opened);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(5, 1_000_000, false)]
    [InlineData(2_999_999, 2_999_999, false)]
    [InlineData(1, null, false)]
    [InlineData(5, 1_000_000, true)]
    public async Task Range_arrives_byte_for_byte(int first, int? last, bool tls)
    {
        await using FileRegistry files = await FileRegistry.StartAsync(tls);
        byte[] content = TestContent.Bytes(3_000_000);
        using HttpClient client = files.Client(HttpVersion.Version11);
        using var request = new HttpRequestMessage(HttpMethod.Get, await files.AddAsync(content)) { Headers = { Range = new RangeHeaderValue(first, last) } };

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(content[first..((last ?? content.Length - 1) + 1)], await response.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task Requests_of_every_kind_follow_each_other_on_one_connection()
    {
        await using FileRegistry files = await FileRegistry.StartAsync();
        byte[] content = TestContent.Bytes(2_000_000);
        string path = await files.AddAsync(content);
        byte[] small = TestContent.Bytes(1000, seed: 2);
        string pushed = await files.Registry.PushBlobAsync(FileRegistry.Name, small);
        byte[] manifest = TestContent.Manifest(MediaTypes.OciManifest, small, new string('x', 100_000));
        await files.Registry.PushManifestAsync(FileRegistry.Name, "large", manifest, MediaTypes.OciManifest);
        using RawConnection connection = await RawConnection.OpenAsync(files.Registry.Url);

        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(content, (await AskAsync(connection, $"GET {path}")).Body);
            Assert.Equal(manifest, (await AskAsync(connection, $"GET /v2/{FileRegistry.Name}/manifests/large")).Body);
            Assert.Equal(content[10..20], (await AskAsync(connection, $"GET {path}", "Range: bytes=10-19")).Body);
            await connection.SendHeadAsync($"HEAD {path}");
            (int status, Dictionary<string, string> headers, _) = await connection.ReceiveAsync(hasBody: false);
            Assert.Equal((200, content.Length), (status, int.Parse(headers["Content-Length"], CultureInfo.InvariantCulture)));
            Assert.Equal(404, (await AskAsync(connection, $"GET /v2/{FileRegistry.Name}/manifests/none")).Status);
            Assert.Equal(416, (await AskAsync(connection, $"GET {path}", "Range: bytes=3000000-")).Status);
            Assert.Equal(small, (await AskAsync(connection, $"GET /v2/{FileRegistry.Name}/blobs/{pushed}")).Body);
        }
    }

    [Fact]
    public async Task Requests_that_do_not_wait_for_each_other_are_answered_in_turn()
    {
        await using FileRegistry files = await FileRegistry.StartAsync();
        byte[][] contents = [.. Enumerable.Range(1, 5).Select(n => TestContent.Bytes(n * 500_000, n))];
        using RawConnection connection = await RawConnection.OpenAsync(files.Registry.Url);

        foreach (byte[] content in contents)
        {
            await connection.SendHeadAsync($"GET {await files.AddAsync(content)}");
            await connection.SendHeadAsync("GET /v2/");
        }

        foreach (byte[] content in contents)
        {
            Assert.Equal(content, (await connection.ReceiveAsync()).Body);
            Assert.Equal("{}"u8.ToArray(), (await connection.ReceiveAsync()).Body);
        }
    }

    [Fact]
    public async Task Client_that_stops_reading_gets_the_rest_once_it_goes_on()
    {
        await using FileRegistry files = await FileRegistry.StartAsync();
        byte[] content = TestContent.Bytes(Large);
        string path = await files.AddAsync(content);
        using RawConnection connection = await RawConnection.OpenAsync(files.Registry.Url);
        await connection.SendHeadAsync($"GET {path}");
        await Eventually.HoldsAsync(() => Task.FromResult(connection.Available > 100_000), "the connection fills");

        // Others are served in the meantime.
        string other = await files.AddAsync(TestContent.Bytes(1000, seed: 3));
        using HttpResponseMessage meanwhile = await files.Registry.GetAsync(other);

        Assert.Equal(HttpStatusCode.OK, meanwhile.StatusCode);
        Assert.Equal(content, (await connection.ReceiveAsync()).Body);
    }

    [Fact]
    public async Task Client_that_goes_away_leaves_no_file_open()
    {
        await using FileRegistry files = await FileRegistry.StartAsync();
        string path = await files.AddAsync(TestContent.Bytes(Large));
        using (RawConnection connection = await RawConnection.OpenAsync(files.Registry.Url))
        {
            await connection.SendHeadAsync($"GET {path}");
            await Eventually.HoldsAsync(() => Task.FromResult(connection.Available > 100_000), "the connection fills");
        }

        await AssertClosedAsync(files);
        using HttpResponseMessage next = await files.Registry.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Client_that_reads_nothing_is_cut_off()
    {
        await using FileRegistry files = await FileRegistry.StartAsync(limit: l => l.MinResponseDataRate = new MinDataRate(1e9, TimeSpan.FromSeconds(2)));
        string path = await files.AddAsync(TestContent.Bytes(Large));
        using RawConnection connection = await RawConnection.OpenAsync(files.Registry.Url);
        await connection.SendHeadAsync($"GET {path}");

        await AssertClosedAsync(files);
        await Assert.ThrowsAnyAsync<IOException>(() => connection.ReceiveAsync());
    }

    [Theory]
    [InlineData(0, false, 1)]
    [InlineData(1_000_000, false, 1)]
    [InlineData(2_999_999, false, 1)]
    [InlineData(2_999_999, true, 1)]
    [InlineData(2_999_999, true, 2)]
    public async Task File_that_is_too_short_cuts_the_response(int there, bool tls, int version)
    {
        await using FileRegistry files = await FileRegistry.StartAsync(tls);
        string path = await files.AddAsync(TestContent.Bytes(3_000_000), there);
        using HttpClient client = files.Client(new Version(version, version == 1 ? 1 : 0));

        Exception? failure = await Record.ExceptionAsync(async () =>
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
            response.EnsureSuccessStatusCode();
        });

        Assert.IsType<HttpRequestException>(failure);
        await AssertClosedAsync(files);

        // Where the bytes go through the process, the stream that gives them says so.
        Assert.Equal(tls, files.Failures.IsEmpty);
    }

    [Fact]
    public async Task File_that_is_cut_while_it_is_sent_cuts_the_connection()
    {
        await using FileRegistry files = await FileRegistry.StartAsync();
        string path = await files.AddAsync(TestContent.Bytes(Large));
        using RawConnection connection = await RawConnection.OpenAsync(files.Registry.Url);
        await connection.SendHeadAsync($"GET {path}");
        await Eventually.HoldsAsync(() => Task.FromResult(connection.Available > 100_000), "the connection fills");

        Assert.True(files.Opened.TryPeek(out FileStream? file));
        await using (var writer = new FileStream(file.Name, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            writer.SetLength(Large / 2);
        }

        await Assert.ThrowsAnyAsync<IOException>(() => connection.ReceiveAsync());
    }

    private static Task AssertClosedAsync(FileRegistry files) =>
        Eventually.HoldsAsync(() => Task.FromResult(!files.Opened.IsEmpty && files.Opened.All(f => !f.CanRead)), "the file is closed");

    private static async Task<(int Status, Dictionary<string, string> Headers, byte[] Body)> AskAsync(RawConnection connection, string requestLine, params string[] headers)
    {
        await connection.SendHeadAsync(requestLine, headers);
        return await connection.ReceiveAsync();
    }
}
