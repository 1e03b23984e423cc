using Xunit;

namespace LocalRegistry.Registry.Tests.Http;

/// <summary>Names, references and digests that are none: what the specification says of each, on every endpoint that takes one, and never a 500.</summary>
public sealed class MalformedNameTests : IAsyncLifetime
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Digest = $"sha256:{Hex}";

    private static readonly string[] OfRepository =
    [
        $"GET /v2/@/blobs/{Digest}", $"DELETE /v2/@/blobs/{Digest}", "GET /v2/@/manifests/t", $"GET /v2/@/manifests/{Digest}", "PUT /v2/@/manifests/t",
        "DELETE /v2/@/manifests/t", "GET /v2/@/tags/list", $"GET /v2/@/referrers/{Digest}", "POST /v2/@/blobs/uploads/",
        $"POST /v2/@/blobs/uploads/?mount={Digest}&from=a", "GET /v2/@/blobs/uploads/id", "PATCH /v2/@/blobs/uploads/id",
        $"PUT /v2/@/blobs/uploads/id?digest={Digest}", "DELETE /v2/@/blobs/uploads/id",
    ];

    private static readonly string[] OfDigest =
    [
        "GET /v2/a/blobs/@", "HEAD /v2/a/blobs/@", "DELETE /v2/a/blobs/@", "GET /v2/a/referrers/@",
        "POST /v2/a/blobs/uploads/?digest=@", "POST /v2/a/blobs/uploads/?mount=@&from=b",
    ];

    private static readonly string[] OfManifest = ["GET /v2/a/manifests/@", "HEAD /v2/a/manifests/@", "PUT /v2/a/manifests/@", "DELETE /v2/a/manifests/@"];

    private TestRegistry? _started;

    private TestRegistry Registry => _started!;

    public async ValueTask InitializeAsync() =>
        _started = await TestRegistry.StartAsync(c => c with { Storage = c.Storage with { DeleteEnabled = true } });

    public async ValueTask DisposeAsync() => await Registry.DisposeAsync();

    [Theory]
    [InlineData("A")]
    [InlineData("a%20b")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("a._b")]
    [InlineData("a___b")]
    [InlineData("_a")]
    [InlineData("a/_b")]
    [InlineData("a/B/c")]
    [InlineData("a%2Fb")]
    [InlineData("a:b")]
    [InlineData("a@b")]
    [InlineData("a%00b")]
    [InlineData("a%0ab")]
    [InlineData("%C3%A9")]
    [InlineData("%EF%BC%A1")]
    [InlineData("a%7Eb")]
    [InlineData("a%5Cb")]
    [InlineData("a+b")]
    [InlineData("blobs")]
    [InlineData("2.5")]
    public async Task Name_is_refused_with_400_or_404_or_is_one(string name)
    {
        bool isName = name is "blobs" or "2.5";
        foreach (string endpoint in OfRepository)
        {
            int status = await AskAsync(endpoint.Replace("@", name, StringComparison.Ordinal));
            Assert.True(isName ? status is < 500 : status is 400 or 404, $"{endpoint} of {name} was answered with {status}");
        }
    }

    [Fact]
    public async Task Name_that_is_too_long_is_refused_with_400()
    {
        foreach (string endpoint in OfRepository)
        {
            Assert.Equal(400, await AskAsync(endpoint.Replace("@", new string('a', 256), StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha256:")]
    [InlineData(":" + Hex)]
    [InlineData(Hex)]
    [InlineData("sha256:" + Hex + "0")]
    [InlineData("sha256:E3B0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("SHA256:" + Hex)]
    [InlineData("sha512:" + Hex)]
    [InlineData("sha384:" + Hex)]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("sha256:g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256:%C3%A93b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("sha256%3Ae3b0")]
    [InlineData("sha256:" + Hex + "%20")]
    [InlineData("sha256:" + Hex + "%0a")]
    [InlineData("sha256+b64:" + Hex)]
    public async Task Digest_that_is_none_is_400_everywhere(string digest)
    {
        foreach (string endpoint in OfDigest)
        {
            Assert.Equal((endpoint, 400), (endpoint, await AskAsync(endpoint.Replace("@", digest, StringComparison.Ordinal))));
        }

        foreach (string endpoint in OfManifest.Where(_ => digest.Contains(':') || digest.Contains("%3A", StringComparison.Ordinal)))
        {
            Assert.Equal((endpoint, 400), (endpoint, await AskAsync(endpoint.Replace("@", digest, StringComparison.Ordinal))));
        }
    }

    [Theory]
    [InlineData(".t")]
    [InlineData("-t")]
    [InlineData("t%20")]
    [InlineData("t%2Fu")]
    [InlineData("t+u")]
    [InlineData("t@u")]
    [InlineData("t%7E")]
    [InlineData("%C3%A9")]
    [InlineData("t%00")]
    [InlineData("t,u")]
    public async Task Tag_that_is_none_is_400_everywhere(string tag)
    {
        foreach (string endpoint in OfManifest)
        {
            Assert.Equal((endpoint, 400), (endpoint, await AskAsync(endpoint.Replace("@", tag, StringComparison.Ordinal))));
        }
    }

    [Theory]
    [InlineData("GET", "/v2/A/manifests/t", "NAME_INVALID", "lower-case letters and digits")]
    [InlineData("GET", "/v2/a/manifests/.t", "TAG_INVALID", "128 of them at most")]
    [InlineData("GET", "/v2/a/manifests/sha256:x", "DIGEST_INVALID", "not a sha256 or sha512 digest")]
    [InlineData("GET", "/v2/a/blobs/x", "DIGEST_INVALID", "not a sha256 or sha512 digest")]
    [InlineData("POST", "/v2/a/blobs/uploads/?digest-algorithm=md5", "DIGEST_INVALID", "not sha256 or sha512")]
    [InlineData("GET", "/v2/a/tags/list?n=-1", "PAGINATION_NUMBER_INVALID", "number of entries")]
    [InlineData("GET", "/v2/a/tags/list?n=1.5", "PAGINATION_NUMBER_INVALID", "number of entries")]
    [InlineData("GET", "/v2/a/tags/list?n=", "PAGINATION_NUMBER_INVALID", "number of entries")]
    [InlineData("GET", "/v2/_catalog?n=99999999999999999999", "PAGINATION_NUMBER_INVALID", "number of entries")]
    public async Task Error_says_what_is_wrong_and_what_would_be_right(string method, string path, string code, string told)
    {
        using HttpResponseMessage response = await Registry.SendAsync(new HttpMethod(method), path);

        await response.AssertErrorAsync(400, code);
        Assert.Contains(told, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<int> AskAsync(string requestLine)
    {
        using RawConnection connection = await RawConnection.OpenAsync(Registry.Url);
        await connection.SendHeadAsync(requestLine, "Content-Length: 0");
        return (await connection.ReceiveAsync(hasBody: !requestLine.StartsWith("HEAD", StringComparison.Ordinal))).Status;
    }
}
