using System.Net;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

public sealed class BlobApiTests(RegistryFixture fixture) : IClassFixture<RegistryFixture>
{
    private readonly TestRegistry _registry = fixture.Registry;
    private readonly string _name = TestContent.NewName();
    private readonly byte[] _blob = TestContent.Bytes(1000);

    [Fact]
    public async Task Get_gives_the_bytes_and_head_the_same_headers()
    {
        string digest = await _registry.PushBlobAsync(_name, _blob);

        using HttpResponseMessage get = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}");
        using HttpResponseMessage head = await _registry.HeadAsync($"/v2/{_name}/blobs/{digest}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (get.StatusCode, head.StatusCode));
        Assert.Equal(_blob, await get.BytesAsync());
        Assert.Empty(await head.BytesAsync());
        Assert.Equal(get.ContentHeaders(), head.ContentHeaders());
        Assert.Equal((digest, $"\"{digest}\"", "bytes"), (get.Header("Docker-Content-Digest"), get.Header("ETag"), get.Header("Accept-Ranges")));
        Assert.Equal(("1000", "application/octet-stream"), (get.Header("Content-Length"), get.Header("Content-Type")));
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=400-499", 400, 100)]
    [InlineData("bytes=900-", 900, 100)]
    [InlineData("bytes=900-5000", 900, 100)]
    [InlineData("bytes=-100", 900, 100)]
    [InlineData("bytes=-5000", 0, 1000)]
    public async Task Get_range_gives_those_bytes(string range, int first, int length)
    {
        string digest = await _registry.PushBlobAsync(_name, _blob);

        using HttpResponseMessage response = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}", ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes {first}-{first + length - 1}/1000", response.Header("Content-Range"));
        Assert.Equal(_blob.AsSpan(first, length).ToArray(), await response.BytesAsync());
    }

    [Theory]
    [InlineData("bytes=1000-")]
    [InlineData("bytes=5000-6000")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=500-0")]
    public async Task Get_range_outside_is_416_with_the_size(string range)
    {
        string digest = await _registry.PushBlobAsync(_name, _blob);

        using HttpResponseMessage response = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}", ("Range", range));

        await response.AssertErrorAsync(416, "RANGE_INVALID");
        Assert.Equal("bytes */1000", response.Header("Content-Range"));
    }

    [Theory]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("lines=0-1")]
    [InlineData("nonsense")]
    public async Task Get_range_that_is_not_one_range_of_bytes_gives_all(string range)
    {
        string digest = await _registry.PushBlobAsync(_name, _blob);

        using HttpResponseMessage response = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}", ("Range", range));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(_blob, await response.BytesAsync());
    }

    [Fact]
    public async Task Get_range_counts_only_if_if_range_names_this_blob()
    {
        string digest = await _registry.PushBlobAsync(_name, _blob);

        using HttpResponseMessage same = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}", ("Range", "bytes=0-9"), ("If-Range", $"\"{digest}\""));
        using HttpResponseMessage weak = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}", ("Range", "bytes=0-9"), ("If-Range", $"W/\"{digest}\""));
        using HttpResponseMessage date = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}", ("Range", "bytes=0-9"), ("If-Range", "Wed, 21 Oct 2015 07:28:00 GMT"));

        Assert.Equal(10, (await same.BytesAsync()).Length);
        Assert.Equal(1000, (await weak.BytesAsync()).Length);
        Assert.Equal(1000, (await date.BytesAsync()).Length);
    }

    [Fact]
    public async Task Get_with_the_entity_tag_is_304_if_the_repository_has_the_blob()
    {
        string digest = await _registry.PushBlobAsync(_name, _blob);

        using HttpResponseMessage unchanged = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}", ("If-None-Match", $"\"{digest}\""));
        using HttpResponseMessage head = await _registry.HeadAsync($"/v2/{_name}/blobs/{digest}", ("If-None-Match", "*"));
        using HttpResponseMessage changed = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}", ("If-None-Match", "\"other\""));

        Assert.Equal((HttpStatusCode.NotModified, 0), (unchanged.StatusCode, (await unchanged.BytesAsync()).Length));
        Assert.Equal($"\"{digest}\"", unchanged.Header("ETag"));
        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.OK), (head.StatusCode, changed.StatusCode));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"{0}\"")]
    public async Task Get_blob_of_another_repository_is_404_whatever_the_client_claims_to_have(string entityTag)
    {
        string digest = await _registry.PushBlobAsync(TestContent.NewName(), _blob);

        using HttpResponseMessage response = await _registry.GetAsync(
            $"/v2/{_name}/blobs/{digest}", ("If-None-Match", entityTag.Replace("{0}", digest, StringComparison.Ordinal)));

        await response.AssertErrorAsync(404, "BLOB_UNKNOWN");
    }

    [Theory]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 404, "BLOB_UNKNOWN")]
    [InlineData("sha256:e3b0", 400, "DIGEST_INVALID")]
    [InlineData("latest", 400, "DIGEST_INVALID")]
    public async Task Get_and_head_of_what_is_not_there_agree(string digest, int status, string code)
    {
        using HttpResponseMessage get = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}");
        using HttpResponseMessage range = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}", ("Range", "bytes=0-1"));
        using HttpResponseMessage head = await _registry.HeadAsync($"/v2/{_name}/blobs/{digest}");

        await get.AssertErrorAsync(status, code);
        await range.AssertErrorAsync(status, code);
        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.ContentHeaders(), head.ContentHeaders());
    }

    [Fact]
    public async Task Get_empty_blob_has_no_bytes_and_no_range()
    {
        string digest = await _registry.PushBlobAsync(_name, []);

        using HttpResponseMessage range = await _registry.GetAsync($"/v2/{_name}/blobs/{digest}", ("Range", "bytes=0-0"));

        Assert.Empty(await _registry.ReadBlobAsync(_name, digest));
        await range.AssertErrorAsync(416, "RANGE_INVALID");
    }
}
