using System.Text.Json;
using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>Requests that no client in good faith sends: each gets an answer that blames the request, and the registry goes on.</summary>
public sealed class HostileRequestTests(RegistryFixture fixture) : IClassFixture<RegistryFixture>
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private readonly TestRegistry _registry = fixture.Registry;

    [Theory]
    [InlineData("GET /v2/../../etc/passwd")]
    [InlineData("GET /v2/a/../../../etc/passwd")]
    [InlineData("GET /v2/%2e%2e/%2e%2e/manifests/t")]
    [InlineData("GET /v2/a%2f..%2fb/manifests/t")]
    [InlineData("GET /v2/a%252fb/manifests/t")]
    [InlineData("GET /v2/a/manifests/..%2f..%2ft")]
    [InlineData("GET /v2/a/manifests/%00")]
    [InlineData("GET /v2/a/manifests/t%0d%0aX-Injected:%201")]
    [InlineData("GET /v2/a/manifests/%ff%fe")]
    [InlineData("GET /v2/a/manifests/%zz")]
    [InlineData("GET /v2/a/manifests/\u00e9")]
    [InlineData("GET /v2/A/manifests/t")]
    [InlineData("GET /v2//manifests/t")]
    [InlineData("GET /v2/a//b/manifests/t")]
    [InlineData("GET /v2/_layers/manifests/t")]
    [InlineData("GET /v2/a/_manifests/manifests/t")]
    [InlineData("GET /v2/a/blobs/sha256:..%2f..%2f..")]
    [InlineData("GET /v2/a/blobs/sha256%3ae3b0")]
    [InlineData("GET /v2/a/blobs/" + Digest + "%00")]
    [InlineData("GET /v2/a/blobs/uploads/..%2f..%2fx")]
    [InlineData("GET /v2/a/blobs/uploads/%2e%2e")]
    [InlineData("GET /v2/a/tags/list?n=%00")]
    [InlineData("GET /v2/a/tags/list?last=%ff")]
    [InlineData("GET /v2/a/tags/list?n=1&n=x")]
    [InlineData("GET http://elsewhere.example/v2/a/manifests/t")]
    [InlineData("GET *")]
    [InlineData("OPTIONS *")]
    [InlineData("GET v2/")]
    [InlineData("POST /v2/a/blobs/uploads/?digest=sha256:%00")]
    [InlineData("POST /v2/A/blobs/uploads/")]
    [InlineData("POST /v2/a/blobs/uploads/?mount=../../x&from=../../y")]
    [InlineData("PUT /v2/a/manifests/t%2fu")]
    [InlineData("PUT /v2/a/manifests/" + Digest)]
    [InlineData("PATCH /v2/a/blobs/uploads/x%2fy")]
    public async Task Bad_request_is_4xx_and_its_error_has_the_usual_shape(string requestLine)
    {
        using RawConnection connection = await RawConnection.OpenAsync(_registry.Url);

        await connection.SendHeadAsync(requestLine, "Content-Length: 0");
        (int status, Dictionary<string, string> headers, byte[] body) = await connection.ReceiveAsync();

        Assert.InRange(status, 400, 499);
        Assert.False(headers.ContainsKey("X-Injected"));
        if (body.Length > 0)
        {
            using JsonDocument document = JsonDocument.Parse(body);
            ResponseAssertions.AssertError(document.RootElement, document.RootElement.GetProperty("errors")[0].GetProperty("code").GetString()!);
        }
    }

    [Theory]
    [InlineData("Range: bytes=0-99999999999999999999999999")]
    [InlineData("Range: bytes=--1")]
    [InlineData("If-None-Match: \"\u00ff\", ,,")]
    [InlineData("If-Range: \"")]
    [InlineData("Content-Range: bytes */*")]
    [InlineData("X-Forwarded-Proto: javascript")]
    [InlineData("Expect: 100-continue")]
    public async Task Odd_header_never_is_a_500(string header)
    {
        string name = TestContent.NewName();
        string digest = await _registry.PushBlobAsync(name, [1, 2, 3]);
        string upload = await _registry.BeginUploadAsync(name);
        foreach (string requestLine in (string[])[$"GET /v2/{name}/blobs/{digest}", $"GET /v2/{name}/manifests/t", $"PATCH {upload}"])
        {
            using RawConnection connection = await RawConnection.OpenAsync(_registry.Url);
            await connection.SendHeadAsync(requestLine, header, "Content-Length: 0");

            Assert.InRange((await connection.ReceiveAsync()).Status, 100, 499);
        }
    }

    [Fact]
    public async Task Name_and_tag_of_the_greatest_length_are_taken_and_one_more_is_refused()
    {
        string name = $"{new string('n', 120)}/{new string('m', 134)}";
        string tag = new('t', 128);
        await _registry.PushImageAsync(name, tag);

        using HttpResponseMessage longName = await _registry.GetAsync($"/v2/{name}x/manifests/t");
        using HttpResponseMessage longTag = await _registry.GetAsync($"/v2/{name}/manifests/{tag}x");

        await longName.AssertErrorAsync(400, "NAME_INVALID");
        await longTag.AssertErrorAsync(400, "TAG_INVALID");
    }
}
