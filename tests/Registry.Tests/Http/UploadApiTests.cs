using System.Globalization;
using System.Net;
using System.Text;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class UploadApiTests(RegistryFixture fixture) : IClassFixture<RegistryFixture>
{
    private readonly TestRegistry _registry = fixture.Registry;
    private readonly string _name = TestContent.NewName();
    private readonly byte[] _blob = TestContent.Bytes(1000);

    private string Digest => TestContent.Sha256(_blob);

    [Fact]
    public async Task Post_patch_put_stores_the_blob()
    {
        using HttpResponseMessage begun = await _registry.SendAsync(HttpMethod.Post, $"/v2/{_name}/blobs/uploads/");
        string upload = begun.Headers.Location!.AbsolutePath;
        using HttpResponseMessage sent = await _registry.SendAsync(HttpMethod.Patch, upload, _blob);
        using HttpResponseMessage finished = await _registry.FinishAsync(upload, Digest);

        Assert.Equal((HttpStatusCode.Accepted, "0-0"), (begun.StatusCode, begun.Header("Range")));
        Assert.Equal($"/v2/{_name}/blobs/uploads/{begun.Header("Docker-Upload-UUID")}", upload);
        Assert.Equal((HttpStatusCode.Accepted, "0-999"), (sent.StatusCode, sent.Header("Range")));
        Assert.Equal((begun.Headers.Location, begun.Header("Docker-Upload-UUID")), (sent.Headers.Location, sent.Header("Docker-Upload-UUID")));
        Assert.Equal((HttpStatusCode.Created, Digest), (finished.StatusCode, finished.Header("Docker-Content-Digest")));
        Assert.Equal(new Uri(_registry.Url, $"/v2/{_name}/blobs/{Digest}"), finished.Headers.Location);
        Assert.Equal(_blob, await _registry.ReadBlobAsync(_name, Digest));
        await AssertGoneAsync(upload);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(10 * 1024 * 1024)]
    [InlineData((10 * 1024 * 1024) + 1)]
    [InlineData(25 * 1024 * 1024)]
    public async Task Every_form_of_upload_stores_blobs_of_any_size(int size)
    {
        byte[] blob = TestContent.Bytes(size);
        string digest = TestContent.Sha256(blob);
        string[] names = [TestContent.NewName(), TestContent.NewName(), TestContent.NewName()];

        string patched = await _registry.BeginUploadAsync(names[0]);
        await _registry.AppendAsync(patched, blob);
        using HttpResponseMessage afterPatch = await _registry.FinishAsync(patched, digest);
        using HttpResponseMessage put = await _registry.FinishAsync(await _registry.BeginUploadAsync(names[1]), digest, blob);
        await _registry.PushBlobAsync(names[2], blob);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (afterPatch.StatusCode, put.StatusCode));
        foreach (string name in names)
        {
            Assert.Equal(digest, TestContent.Sha256(await _registry.ReadBlobAsync(name, digest)));
        }
    }

    [Fact]
    public async Task Chunks_with_content_range_are_joined()
    {
        string upload = await _registry.BeginUploadAsync(_name);
        foreach (int first in (int[])[0, 300])
        {
            using HttpResponseMessage sent = await SendChunkAsync(HttpMethod.Patch, upload, first, 300);
            Assert.Equal((HttpStatusCode.Accepted, $"0-{first + 299}"), (sent.StatusCode, sent.Header("Range")));
        }

        using HttpResponseMessage finished = await SendChunkAsync(HttpMethod.Put, $"{upload}?digest={Digest}", 600, 400);

        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
        Assert.Equal(_blob, await _registry.ReadBlobAsync(_name, Digest));
    }

    [Theory]
    [InlineData("PATCH", 0)]
    [InlineData("PATCH", 299)]
    [InlineData("PATCH", 301)]
    [InlineData("PUT", 500)]
    public async Task Chunk_out_of_order_is_416_with_the_range_so_far_and_the_upload_goes_on(string method, int first)
    {
        string upload = await _registry.BeginUploadAsync(_name);
        await _registry.AppendAsync(upload, _blob[..300]);

        using HttpResponseMessage refused = await SendChunkAsync(new HttpMethod(method), $"{upload}?digest={Digest}", first, 100);

        await refused.AssertErrorAsync(416, "BLOB_UPLOAD_INVALID");
        Assert.Equal(("0-299", upload), (refused.Header("Range"), refused.Headers.Location!.AbsolutePath));
        using HttpResponseMessage finished = await _registry.FinishAsync(upload, Digest, _blob[300..]);
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
    }

    [Theory]
    [InlineData("0-98", 400, "SIZE_INVALID")]
    [InlineData("0-100", 400, "SIZE_INVALID")]
    [InlineData("0-9223372036854775807", 400, "BLOB_UPLOAD_INVALID")]
    [InlineData("99-0", 400, "BLOB_UPLOAD_INVALID")]
    [InlineData("zero-99", 400, "BLOB_UPLOAD_INVALID")]
    [InlineData("", 400, "BLOB_UPLOAD_INVALID")]
    public async Task Chunk_whose_content_range_does_not_fit_is_refused_and_the_upload_goes_on(string range, int status, string code)
    {
        string upload = await _registry.BeginUploadAsync(_name);

        using HttpResponseMessage refused = await _registry.SendAsync(HttpMethod.Patch, upload, _blob[..100], ("Content-Range", range));

        await refused.AssertErrorAsync(status, code);
        Assert.Equal("0-0", await StatusAsync(upload));
        using HttpResponseMessage finished = await _registry.FinishAsync(upload, Digest, _blob);
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(101)]
    public async Task Chunk_of_unknown_length_that_turns_out_not_to_fit_its_content_range_is_400_and_says_where_the_upload_stands(int taken)
    {
        string upload = await _registry.BeginUploadAsync(_name);
        using RawConnection connection = await RawConnection.OpenAsync(_registry.Url);
        await connection.SendHeadAsync($"PATCH {upload}", "Transfer-Encoding: chunked", "Content-Range: 0-99");
        byte[] head = Encoding.ASCII.GetBytes($"{taken:x}\r\n");
        await connection.SendAsync((byte[])[.. head, .. _blob[..taken], .. "\r\n0\r\n\r\n"u8]);
        (int status, Dictionary<string, string> headers, byte[] body) = await connection.ReceiveAsync();

        Assert.Equal((400, $"0-{taken - 1}"), (status, headers["Range"]));
        Assert.Contains("SIZE_INVALID", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        using HttpResponseMessage finished = await _registry.FinishAsync(upload, Digest, _blob[taken..]);
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
    }

    [Fact]
    public async Task Status_is_204_with_the_range_so_far()
    {
        string upload = await _registry.BeginUploadAsync(_name);
        await _registry.AppendAsync(upload, _blob[..10]);

        using HttpResponseMessage status = await _registry.GetAsync(upload);

        Assert.Equal((HttpStatusCode.NoContent, "0-9"), (status.StatusCode, status.Header("Range")));
        Assert.Equal(upload, status.Headers.Location!.AbsolutePath);
        Assert.EndsWith(status.Header("Docker-Upload-UUID"), upload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_cancels_the_upload()
    {
        string upload = await _registry.BeginUploadAsync(_name);
        await _registry.AppendAsync(upload, _blob);

        using HttpResponseMessage cancelled = await _registry.SendAsync(HttpMethod.Delete, upload);

        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        await AssertGoneAsync(upload);
    }

    [Theory]
    [InlineData("?digest=sha256:00")]
    [InlineData("?digest=")]
    [InlineData("?digest=md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("")]
    public async Task Put_without_a_digest_that_is_one_is_refused_and_the_upload_goes_on(string query)
    {
        string upload = await _registry.BeginUploadAsync(_name);
        await _registry.AppendAsync(upload, _blob);

        using HttpResponseMessage refused = await _registry.SendAsync(HttpMethod.Put, upload + query);

        await refused.AssertErrorAsync(400, "DIGEST_INVALID");
        using HttpResponseMessage finished = await _registry.FinishAsync(upload, Digest);
        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
    }

    [Theory]
    [InlineData("?digest=sha256:00")]
    [InlineData("?mount=sha256:00&from=a")]
    [InlineData("?digest-algorithm=md5")]
    public async Task Post_with_a_digest_that_is_none_is_refused(string query)
    {
        using HttpResponseMessage response = await _registry.SendAsync(HttpMethod.Post, $"/v2/{_name}/blobs/uploads/{query}");

        await response.AssertErrorAsync(400, "DIGEST_INVALID");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?digest-algorithm=sha256")]
    [InlineData("?digest-algorithm=sha512")]
    public async Task Sha512_digest_is_taken_whatever_was_announced(string query)
    {
        foreach (int size in (int[])[100, 21 * 1024 * 1024])
        {
            byte[] blob = TestContent.Bytes(size, size);
            string digest = TestContent.Sha512(blob);
            string upload = await _registry.BeginUploadAsync(_name, query);
            await _registry.AppendAsync(upload, blob);

            using HttpResponseMessage finished = await _registry.FinishAsync(upload, digest);

            Assert.Equal((HttpStatusCode.Created, digest), (finished.StatusCode, finished.Header("Docker-Content-Digest")));
            Assert.Equal(digest, TestContent.Sha512(await _registry.ReadBlobAsync(_name, digest)));
        }
    }

    [Fact]
    public async Task Mount_of_a_blob_that_is_there_is_201()
    {
        string from = TestContent.NewName();
        await _registry.PushBlobAsync(from, _blob);

        using HttpResponseMessage response = await _registry.SendAsync(HttpMethod.Post, $"/v2/{_name}/blobs/uploads/?mount={Digest}&from={from}");

        Assert.Equal((HttpStatusCode.Created, Digest), (response.StatusCode, response.Header("Docker-Content-Digest")));
        Assert.Equal($"/v2/{_name}/blobs/{Digest}", response.Headers.Location!.AbsolutePath);
        Assert.Equal(_blob, await _registry.ReadBlobAsync(_name, Digest));
    }

    [Theory]
    [InlineData("absent/repository")]
    [InlineData("..")]
    [InlineData("UPPER")]
    [InlineData("")]
    public async Task Mount_that_cannot_be_is_an_upload_that_begins(string from)
    {
        string upload = await _registry.BeginUploadAsync(_name, $"?mount={Digest}&from={from}");

        using HttpResponseMessage finished = await _registry.FinishAsync(upload, Digest, _blob);

        Assert.Equal(HttpStatusCode.Created, finished.StatusCode);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("x")]
    [InlineData("%2e%2e")]
    [InlineData("x%00")]
    public async Task Upload_that_is_not_there_is_404_for_every_method(string id)
    {
        foreach (string method in (string[])["GET", "PATCH", "PUT", "DELETE"])
        {
            using RawConnection connection = await RawConnection.OpenAsync(_registry.Url);
            await connection.SendHeadAsync($"{method} /v2/{_name}/blobs/uploads/{id}?digest={Digest}", "Content-Length: 0");

            Assert.InRange((await connection.ReceiveAsync()).Status, 400, 405);
        }

        await AssertGoneAsync($"/v2/{_name}/blobs/uploads/{Guid.Empty}");
    }

    [Fact]
    public async Task Upload_of_another_repository_is_404()
    {
        string upload = await _registry.BeginUploadAsync(_name);

        await AssertGoneAsync(upload.Replace(_name, TestContent.NewName(), StringComparison.Ordinal));
    }

    private async Task AssertGoneAsync(string upload)
    {
        foreach (string method in (string[])["GET", "PATCH", "PUT", "DELETE"])
        {
            using HttpResponseMessage response = await _registry.SendAsync(new HttpMethod(method), $"{upload}?digest={Digest}");
            await response.AssertErrorAsync(404, "BLOB_UPLOAD_UNKNOWN");
        }
    }

    private async Task<string> StatusAsync(string upload)
    {
        using HttpResponseMessage response = await _registry.GetAsync(upload);
        return response.Header("Range");
    }

    private Task<HttpResponseMessage> SendChunkAsync(HttpMethod method, string path, int first, int length) => _registry.SendAsync(
        method,
        path,
        _blob[first..(first + length)],
        ("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{first}-{first + length - 1}")));
}
