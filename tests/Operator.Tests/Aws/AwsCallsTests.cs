using System.Diagnostics;
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using LocalRegistry.Operator.Aws.Calls;
using Xunit;

namespace LocalRegistry.Operator.Tests.Aws;

public sealed class AwsCallsTests : IDisposable
{
    private readonly Transport _transport = new();
    private readonly CountedCalls _counter = new();
    private readonly List<AwsCalls> _made = [];

    public void Dispose() => _made.ForEach(c => c.Dispose());

    [Fact]
    public async Task Call_of_the_SDK_is_counted_with_service_operation_and_status()
    {
        AwsCalls calls = Calls(new AwsLimits());
        using AmazonS3Client s3 = S3(calls);
        using var sts = new AmazonSecurityTokenServiceClient(
            Keys, new AmazonSecurityTokenServiceConfig { RegionEndpoint = RegionEndpoint.USEast1, HttpClientFactory = calls });

        await s3.GetBucketVersioningAsync(new GetBucketVersioningRequest { BucketName = "docker-registry" }, Cancel);
        _transport.Answer = _ => Answer(HttpStatusCode.Forbidden, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
        await Assert.ThrowsAsync<AmazonSecurityTokenServiceException>(() => sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), Cancel));

        Assert.Equal(["S3 GetBucketVersioning 200", "STS GetCallerIdentity 403"], _counter.Asked);
    }

    [Fact]
    public async Task Retries_of_the_SDK_are_counted_each_and_throttling_is_told_apart()
    {
        _transport.Answer = _ => Answer(HttpStatusCode.ServiceUnavailable, "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>");
        using AmazonS3Client s3 = S3(Calls(new AwsLimits()));

        await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.GetBucketVersioningAsync(new GetBucketVersioningRequest { BucketName = "docker-registry" }, Cancel));

        Assert.Equal(["S3 GetBucketVersioning 503", "S3 GetBucketVersioning 503"], _counter.Asked);
        Assert.Equal((2, 0), (_counter.ByAws, _counter.ByOperator));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>", true)]
    [InlineData(HttpStatusCode.BadRequest, """{"__type":"com.amazonaws.kms#ThrottlingException"}""", true)]
    [InlineData(HttpStatusCode.BadRequest, """{"__type":"ThrottlingException"}""", true)]
    [InlineData(HttpStatusCode.TooManyRequests, "", true)]
    [InlineData(HttpStatusCode.BadRequest, "<ErrorResponse><Error><Code>ValidationError</Code><Message>Throttling</Message></Error></ErrorResponse>", false)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "<Error><Code>ServiceUnavailable</Code></Error>", false)]
    [InlineData(HttpStatusCode.OK, "<Code>SlowDown</Code>", false)]
    public async Task Throttling_is_known_by_the_words_of_each_protocol(HttpStatusCode status, string body, bool throttled)
    {
        _transport.Answer = _ => Answer(status, body);

        using HttpResponseMessage response = await SendAsync(Calls(new AwsLimits()));

        Assert.Equal(throttled ? 1 : 0, _counter.ByAws);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Request_that_is_not_the_SDKs_says_itself_what_it_is()
    {
        using HttpResponseMessage response = await SendAsync(Calls(new AwsLimits()));

        Assert.Equal(["IAM GetRole 200"], _counter.Asked);
    }

    [Fact]
    public async Task Requests_beyond_the_burst_come_at_the_rate()
    {
        long start = Stopwatch.GetTimestamp();
        AwsCalls calls = Calls(new AwsLimits(RequestsPerSecond: 5));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(calls)));
        TimeSpan burst = Stopwatch.GetElapsedTime(start);
        await SendAsync(calls);
        await SendAsync(calls);

        Assert.Equal(22, _counter.Asked.Count);
        // At the rate, twenty would have taken three seconds and more.
        Assert.True(burst < TimeSpan.FromSeconds(2.5), $"the burst took {burst}");
        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(0.9), "what is beyond the burst did not wait");
    }

    [Fact]
    public async Task Request_whose_turn_does_not_come_is_refused_with_the_way_out()
    {
        AwsCalls calls = Calls(new AwsLimits(RequestsPerSecond: 1) { Wait = TimeSpan.FromMilliseconds(100), Concurrency = 1 });
        var held = new TaskCompletionSource<HttpResponseMessage>();
        _transport.AnswerAsync = _ => held.Task;
        Task<HttpResponseMessage> first = SendAsync(calls);

        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(calls));
        held.SetResult(Answer(HttpStatusCode.OK, ""));
        await first;

        Assert.Contains("--aws-requests-per-second", refused.Message, StringComparison.Ordinal);
        Assert.Equal((0, 1), (_counter.ByAws, _counter.ByOperator));
        Assert.Equal(["IAM GetRole 200"], _counter.Asked);
    }

    [Fact]
    public async Task Asker_that_gives_up_while_it_waits_for_its_turn_was_held_back_by_the_operator()
    {
        AwsCalls calls = Calls(new AwsLimits { Concurrency = 1 });
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var held = new TaskCompletionSource<HttpResponseMessage>();
        _transport.AnswerAsync = _ => held.Task;
        Task<HttpResponseMessage> first = SendAsync(calls);
        Task<HttpResponseMessage> second = SendAsync(calls, impatient.Token);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        held.SetResult(Answer(HttpStatusCode.OK, ""));
        await first;

        Assert.Equal((0, 1), (_counter.ByAws, _counter.ByOperator));
        Assert.Equal(["IAM GetRole 200"], _counter.Asked);
    }

    [Fact]
    public async Task No_more_requests_than_allowed_are_under_way_at_once()
    {
        int now = 0;
        int most = 0;
        var gate = new TaskCompletionSource();
        AwsCalls calls = Calls(new AwsLimits { Concurrency = 3 });
        _transport.AnswerAsync = async _ =>
        {
            int mine = Interlocked.Increment(ref now);
            lock (_made)
            {
                most = Math.Max(most, mine);
            }

            await gate.Task;
            Interlocked.Decrement(ref now);
            return Answer(HttpStatusCode.OK, "");
        };

        Task all = Task.WhenAll(Enumerable.Range(0, 12).Select(_ => SendAsync(calls)));
        Assert.Equal(3, _transport.Started);
        gate.SetResult();
        await all;

        Assert.Equal((3, 12), (most, _counter.Asked.Count));
    }

    [Fact]
    public async Task Answer_whose_end_does_not_come_is_a_timeout_with_the_host()
    {
        _transport.Answer = _ => new HttpResponseMessage { Content = new StreamContent(new EndlessStream()) };

        HttpRequestException late = await Assert.ThrowsAsync<HttpRequestException>(
            () => SendAsync(Calls(new AwsLimits { Timeout = TimeSpan.FromMilliseconds(50) })));

        Assert.Equal("aws.test did not answer within 0.1 s", late.Message);
        Assert.Equal(["IAM GetRole timeout"], _counter.Asked);
    }

    [Fact]
    public async Task Connection_that_fails_is_counted_and_the_exception_goes_on()
    {
        _transport.Answer = _ => throw new HttpRequestException("no route");

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(Calls(new AwsLimits())));

        Assert.Equal(["IAM GetRole unreachable"], _counter.Asked);
    }

    [Fact]
    public async Task Asker_that_gives_up_is_no_timeout()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _transport.AnswerAsync = async _ =>
        {
            await stop.CancelAsync();
            stop.Token.ThrowIfCancellationRequested();
            return Answer(HttpStatusCode.OK, "");
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(Calls(new AwsLimits()), stop.Token));

        Assert.Equal(["IAM GetRole canceled"], _counter.Asked);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static BasicAWSCredentials Keys { get; } = new("AKIDEXAMPLE", "secret");

    private AwsCalls Calls(AwsLimits limits)
    {
        var calls = new AwsCalls(limits, _counter, _transport);
        _made.Add(calls);
        return calls;
    }

    private static AmazonS3Client S3(AwsCalls calls) =>
        new(Keys, new AmazonS3Config { RegionEndpoint = RegionEndpoint.USEast1, HttpClientFactory = calls, MaxErrorRetry = 1 });

    private static Task<HttpResponseMessage> SendAsync(AwsCalls calls, CancellationToken? cancel = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "https://aws.test/");
        request.Options.Set(AwsOperation.Key, new AwsOperation("IAM", "GetRole"));
        return calls.Client.SendAsync(request, cancel ?? Cancel);
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body) };

    private sealed class Transport : HttpMessageHandler
    {
        private int _started;

        public int Started => _started;

        public Func<HttpRequestMessage, HttpResponseMessage> Answer
        {
            set => AnswerAsync = r => Task.FromResult(value(r));
        }

        public Func<HttpRequestMessage, Task<HttpResponseMessage>> AnswerAsync { get; set; } =
            _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<VersioningConfiguration/>") });

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _started);
            return await AnswerAsync(request);
        }
    }

    // Gives nothing and never ends.
    private sealed class EndlessStream : MemoryStream
    {
        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
