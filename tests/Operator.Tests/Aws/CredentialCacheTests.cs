using Amazon.Runtime;
using LocalRegistry.Operator.Aws;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Operator.Tests.Aws;

public sealed class CredentialCacheTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("credentials").FullName;
    private readonly CredentialCache _cache;
    private int _searches;
    private Exception? _failure;

    public CredentialCacheTests() => _cache = new CredentialCache(File, FindAsync, _time);

    private string File => Path.Combine(_folder, "credentials");

    public void Dispose()
    {
        _cache.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Get_again_and_by_many_at_once_looks_once()
    {
        AWSCredentials[] got = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => GetAsync()));
        _time.Advance(CredentialCache.Longest - TimeSpan.FromSeconds(1));

        Assert.All(got, c => Assert.Same(got[0], c));
        Assert.Same(got[0], await GetAsync());
        Assert.Equal(1, _searches);
    }

    [Fact]
    public async Task Get_after_a_while_looks_again()
    {
        await GetAsync();
        _time.Advance(CredentialCache.Longest);
        await GetAsync();

        Assert.Equal(2, _searches);
    }

    [Fact]
    public async Task Get_after_the_file_appeared_changed_or_went_looks_again_each_time()
    {
        await GetAsync();
        await WriteAsync("one");
        await GetAsync();
        await WriteAsync("two");
        await GetAsync();
        await GetAsync();
        System.IO.File.Delete(File);
        await GetAsync();

        Assert.Equal(4, _searches);
    }

    [Fact]
    public async Task Get_after_a_Secret_was_renewed_looks_again_though_no_time_stamp_changed()
    {
        // As the kubelet does it: credentials -> ..data/credentials, ..data -> ..1/.
        DateTime stamp = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (string version in (string[])["..1", "..2"])
        {
            string real = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, version)).FullName, "credentials");
            await System.IO.File.WriteAllTextAsync(real, version, TestContext.Current.CancellationToken);
            System.IO.File.SetLastWriteTimeUtc(real, stamp);
        }

        string data = Path.Combine(_folder, "..data");
        System.IO.File.CreateSymbolicLink(data, "..1");
        System.IO.File.CreateSymbolicLink(File, Path.Combine("..data", "credentials"));
        await GetAsync();
        System.IO.File.Delete(data);
        System.IO.File.CreateSymbolicLink(data, "..2");
        await GetAsync();

        Assert.Equal(2, _searches);
    }

    [Fact]
    public async Task Get_after_nothing_was_found_looks_again_after_a_moment()
    {
        _failure = new AmazonClientException("none");
        await Assert.ThrowsAsync<AmazonClientException>(GetAsync);
        _failure = null;
        _time.Advance(CredentialCache.LongestFailure - TimeSpan.FromSeconds(1));
        AmazonClientException kept = await Assert.ThrowsAsync<AmazonClientException>(GetAsync);
        Assert.Equal(("none", 1), (kept.Message, _searches));

        _time.Advance(TimeSpan.FromSeconds(1));
        await GetAsync();

        Assert.Equal(2, _searches);
    }

    [Fact]
    public async Task Get_after_nothing_was_found_looks_again_at_once_when_the_file_came()
    {
        _failure = new AmazonClientException("none");
        await Assert.ThrowsAsync<AmazonClientException>(GetAsync);
        _failure = null;
        await WriteAsync("one");
        await GetAsync();

        Assert.Equal(2, _searches);
    }

    [Fact]
    public async Task Get_of_a_search_that_takes_long_gives_up_alone_and_all_share_the_search()
    {
        var answer = new TaskCompletionSource<AWSCredentials>();
        using var cache = new CredentialCache(null, _ => Counted(answer.Task), _time);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<AWSCredentials> first = cache.GetAsync(impatient.Token);
        Task<AWSCredentials> second = cache.GetAsync(TestContext.Current.CancellationToken);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Task<AWSCredentials> third = cache.GetAsync(TestContext.Current.CancellationToken);
        answer.SetException(new AmazonClientException("none"));

        await Assert.ThrowsAsync<AmazonClientException>(() => second);
        await Assert.ThrowsAsync<AmazonClientException>(() => third);
        Assert.Equal(1, _searches);
    }

    [Fact]
    public async Task Get_after_a_long_search_found_nothing_keeps_that_from_its_end_on()
    {
        using var cache = new CredentialCache(null, _ =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return Counted(Task.FromException<AWSCredentials>(new AmazonClientException("none")));
        }, _time);

        await Assert.ThrowsAsync<AmazonClientException>(() => cache.GetAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<AmazonClientException>(() => cache.GetAsync(TestContext.Current.CancellationToken));

        Assert.Equal(1, _searches);
    }

    [Fact]
    public async Task Get_of_a_web_identity_without_its_token_gives_credentials_that_say_there_are_none()
    {
        string token = Path.Combine(_folder, "absent");
        using var cache = new CredentialCache(
            null, _ => Task.FromResult<AWSCredentials>(new AssumeRoleWithWebIdentityCredentials(token, "arn:aws:iam::111122223333:role/r", "session")), _time);
        AWSCredentials credentials = await cache.GetAsync(TestContext.Current.CancellationToken);

        AmazonClientException e = await Assert.ThrowsAsync<AmazonClientException>(credentials.GetCredentialsAsync);

        Assert.Equal(AwsFailureKind.NoCredentials, AwsFailures.Of(e, "s3:GetBucketLocation", "arn:aws:s3:::b").Kind);
        Assert.StartsWith("A token could not be loaded", e.Message, StringComparison.Ordinal);
        Assert.Throws<AmazonClientException>(credentials.GetCredentials);
    }

    [Fact]
    public async Task Get_where_the_search_itself_cannot_go_on_says_that_there_are_none()
    {
        _failure = new InvalidOperationException("no role is named");

        Assert.Equal("no role is named", (await Assert.ThrowsAsync<AmazonClientException>(GetAsync)).Message);
    }

    private Task<AWSCredentials> GetAsync() => _cache.GetAsync(TestContext.Current.CancellationToken);

    private Task WriteAsync(string text) => System.IO.File.WriteAllTextAsync(File, text, TestContext.Current.CancellationToken);

    private Task<AWSCredentials> Counted(Task<AWSCredentials> answer)
    {
        Interlocked.Increment(ref _searches);
        return answer;
    }

    private async Task<AWSCredentials> FindAsync(CancellationToken cancel)
    {
        _searches++;
        await Task.Yield();
        return _failure is null ? new BasicAWSCredentials("key", "secret") : throw _failure;
    }
}
