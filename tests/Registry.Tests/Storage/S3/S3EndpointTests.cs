using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers.S3;
using Xunit;
using HttpClientFactory = Amazon.Runtime.HttpClientFactory;

namespace LocalRegistry.Registry.Tests.Storage.S3;

/// <summary>Where calls and signed URLs lead. Nothing is dialled.</summary>
public sealed class S3EndpointTests
{
    private static readonly S3Driver Aws = new() { Bucket = "images", Region = "eu-west-1", AccessKey = "AK", SecretKey = "SK" };

    /// <summary>Settings, and the URL of an object with them.</summary>
    public static TheoryData<string, S3Driver, string> Endpoints() => new()
    {
        { "AWS", Aws, "https://images.s3.eu-west-1.amazonaws.com/data" },
        { "dotted", Aws with { Bucket = "my.images" }, "https://s3.eu-west-1.amazonaws.com/my.images/data" },
        { "insecure", Aws with { Secure = false }, "http://images.s3.eu-west-1.amazonaws.com/data" },
        { "path style", Aws with { ForcePathStyle = true }, "https://s3.eu-west-1.amazonaws.com/images/data" },
        { "China", Aws with { Region = "cn-north-1" }, "https://images.s3.cn-north-1.amazonaws.com.cn/data" },
        { "dual stack", Aws with { UseDualStack = true }, "https://images.s3.dualstack.eu-west-1.amazonaws.com/data" },
        { "accelerate", Aws with { Accelerate = true }, "https://images.s3-accelerate.amazonaws.com/data" },
        { "accelerate, dual stack", Aws with { Accelerate = true, UseDualStack = true }, "https://images.s3-accelerate.dualstack.amazonaws.com/data" },
        { "FIPS", Aws with { UseFipsEndpoint = true, Region = "us-east-1" }, "https://images.s3-fips.us-east-1.amazonaws.com/data" },
        { "FIPS, dual stack", Aws with { UseFipsEndpoint = true, UseDualStack = true, Region = "us-gov-west-1" }, "https://images.s3-fips.dualstack.us-gov-west-1.amazonaws.com/data" },
        { "custom", Aws with { RegionEndpoint = new Uri("http://s3.example.com:9000"), ForcePathStyle = true, Secure = false }, "http://s3.example.com:9000/images/data" },
        { "custom host", Aws with { RegionEndpoint = new Uri("https://s3.example.com") }, "https://images.s3.example.com/data" },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Call_goes_to_the_host_that_the_settings_mean(string name, S3Driver driver, string expected)
    {
        using AmazonS3Client client = S3ClientFactory.CreateS3(driver);
        var dialled = new Dialled();
        ((AmazonS3Config)client.Config).HttpClientFactory = dialled;

        AmazonS3Exception answer = await Assert.ThrowsAsync<AmazonS3Exception>(() => client.GetObjectMetadataAsync(driver.Bucket, "data", TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal((name, expected), (name, Assert.Single(dialled.Urls)));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Signed_url_leads_to_the_same_place(string name, S3Driver driver, string expected)
    {
        using var presigner = new S3Presigner(driver, TimeProvider.System);

        string url = await presigner.SignAsync("data", isHead: false);

        Assert.Equal((name, expected), (name, url.Split('?')[0]));
    }

    [Theory]
    [InlineData("https://cdn.example.com", false, "https://images.cdn.example.com/root/data")]
    [InlineData("https://images.cdn.example.com:8443", false, "https://images.cdn.example.com:8443/root/data")]
    [InlineData("http://cdn.example.com:9000", true, "http://cdn.example.com:9000/images/root/data")]
    public async Task Signed_url_leads_to_the_redirect_endpoint(string endpoint, bool forcePathStyle, string expected)
    {
        S3Driver driver = Aws with
        {
            RegionEndpoint = new Uri("http://10.0.0.1:9000"), RedirectEndpoint = new Uri(endpoint), ForcePathStyle = forcePathStyle, Secure = false, RootDirectory = "root",
        };
        using var presigner = new S3Presigner(driver, TimeProvider.System);

        string url = await presigner.SignAsync("data", isHead: false);

        Assert.Equal(expected, url.Split('?')[0]);
    }

    [Fact]
    public async Task Signed_url_is_good_for_20_minutes_and_for_one_method()
    {
        using var presigner = new S3Presigner(Aws, TimeProvider.System);

        string get = await presigner.SignAsync("data", isHead: false);
        string head = await presigner.SignAsync("data", isHead: true);

        Dictionary<string, string> query = Query(get);
        Assert.Equal("AWS4-HMAC-SHA256", query["X-Amz-Algorithm"]);
        Assert.InRange(int.Parse(query["X-Amz-Expires"], System.Globalization.CultureInfo.InvariantCulture), 1100, 1200);
        Assert.NotEqual(query["X-Amz-Signature"], Query(head)["X-Amz-Signature"]);
        Assert.DoesNotContain("SK", get, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Query(string url) =>
        url.Split('?')[1].Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);

    /// <summary>Answers every call with 404 and remembers where it would have gone.</summary>
    private sealed class Dialled : HttpClientFactory
    {
        public List<string> Urls { get; } = [];

        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(Urls));

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        private sealed class Handler(List<string> urls) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                urls.Add(request.RequestUri!.AbsoluteUri);
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound) { RequestMessage = request, Content = new ByteArrayContent([]) });
            }
        }
    }
}
