using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation;

public sealed class BucketEncryptionCheckTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Inspector _inspector = new();
    private readonly BucketEncryptionCheck _check;

    public BucketEncryptionCheckTests() => _check = new BucketEncryptionCheck(_inspector, _time);

    [Fact]
    public async Task Run_before_the_interval_is_over_does_not_ask_again()
    {
        DateTimeOffset start = _time.GetUtcNow();
        DateTimeOffset due = (await RunAsync()).Due;
        Assert.Equal(Jitter.Due("uid", start, Interval), due);

        _time.Advance(due - start - TimeSpan.FromSeconds(1));
        await RunAsync();
        Assert.Equal(1, _inspector.Calls);

        _time.Advance(TimeSpan.FromSeconds(1));
        await RunAsync();
        Assert.Equal(2, _inspector.Calls);
    }

    [Fact]
    public async Task Run_with_another_bucket_asks_at_once()
    {
        await RunAsync();
        await RunAsync("encrypt: true");

        Assert.Equal(2, _inspector.Calls);
    }

    [Fact]
    public async Task Run_after_a_failure_asks_again_sooner_and_ever_later()
    {
        _inspector.State = new BucketState.Found(null);

        var delays = new List<double>();
        for (int i = 0; i < 5; i++)
        {
            BucketAnswer answer = await RunAsync();
            delays.Add((answer.Due - _time.GetUtcNow()).TotalSeconds);
            _time.Advance(answer.Due - _time.GetUtcNow());
        }

        Assert.Equal([10, 20, 40, 60, 60], delays);
    }

    [Theory]
    [InlineData("AES256", "AES256")]
    [InlineData(null, "None")]
    public async Task Run_tells_the_encryption_that_it_saw(string? algorithm, string told)
    {
        _inspector.State = new BucketState.Found(algorithm is null ? null : new BucketEncryption(algorithm, null));

        BucketAnswer answer = await RunAsync();

        Assert.Equal(("docker-registry", "us-east-1", told), (answer.Bucket.Name, answer.Bucket.Region, answer.Bucket.Encryption));
    }

    private Task<BucketAnswer> RunAsync(string driver = "") => _check.RunAsync("uid", Samples.Driver(driver), Interval, TestContext.Current.CancellationToken);

    private sealed class Inspector : IBucketInspector
    {
        public BucketState State { get; set; } = new BucketState.Found(new BucketEncryption("AES256", null));

        public int Calls { get; private set; }

        public Task<BucketState> ReadEncryptionAsync(S3Driver driver, CancellationToken cancel)
        {
            Calls++;
            return Task.FromResult(State);
        }
    }
}
