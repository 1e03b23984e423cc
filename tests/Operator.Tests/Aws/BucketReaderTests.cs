using Amazon.Runtime;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Registry.Configuration;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Operator.Tests.Aws;

public sealed class BucketReaderTests
{
    private static readonly S3Driver Driver = new() { Bucket = "images", Region = "eu-central-1" };

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_while_the_search_for_credentials_takes_too_long_ends_and_says_that_there_are_none()
    {
        var reader = new BucketReader(NeverAsync, _time);
        Task<BucketFacts> reading = reader.ReadAsync(Driver, null, Cancel);
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(reading.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));

        AwsFailure failure = (await reading.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).Home!.Failure!;
        Assert.Equal(new AwsFailure(AwsFailureKind.NoCredentials, "no answer in time"), failure);
    }

    [Fact]
    public async Task Read_that_is_given_up_goes_on_with_the_exception()
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task<BucketFacts> reading = new BucketReader(NeverAsync, _time).ReadAsync(Driver, null, given.Token);

        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Read_without_credentials_tells_the_beginning_of_why()
    {
        var reader = new BucketReader(_ => throw new AmazonClientException("none:\n" + new string('x', 5000)), _time);

        AwsFailure failure = (await reader.ReadAsync(Driver, null, Cancel)).Home!.Failure!;

        Assert.StartsWith("none: xxx", failure.Message, StringComparison.Ordinal);
        Assert.Equal(303, failure.Message.Length);
    }

    private static async Task<AWSCredentials> NeverAsync(CancellationToken cancel)
    {
        await Task.Delay(Timeout.Infinite, cancel);
        return new AnonymousAWSCredentials();
    }
}
