using Amazon.Runtime;
using LocalRegistry.Registry.Storage.Drivers.S3;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LocalRegistry.Registry.Tests.Storage;

public sealed class CredentialsFileTests : IDisposable
{
    private readonly DirectoryInfo _mount = Directory.CreateTempSubdirectory();
    private readonly FakeTimeProvider _time = new();

    private string Path => System.IO.Path.Combine(_mount.FullName, "credentials");

    public void Dispose() => _mount.Delete(recursive: true);

    [Fact]
    public async Task GetCredentials_after_a_Secret_was_replaced_gives_the_new_keys()
    {
        Publish("..1", "OLD");
        File.CreateSymbolicLink(Path, System.IO.Path.Combine("..data", "credentials"));
        var credentials = Read();
        Assert.Equal("OLD", (await credentials.GetCredentialsAsync()).AccessKey);

        Publish("..2", "NEW");
        _time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("NEW", (await credentials.GetCredentialsAsync()).AccessKey);
    }

    [Fact]
    public void GetCredentials_of_a_file_without_the_profile_names_both()
    {
        File.WriteAllText(Path, "[other]\naws_access_key_id = A\naws_secret_access_key = secret\n");

        AmazonClientException failure = Assert.Throws<AmazonClientException>(() => Read().GetCredentials());

        Assert.Contains(Path, failure.Message, StringComparison.Ordinal);
        Assert.Contains("\"default\"", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetCredentials_of_a_file_that_is_none_does_not_quote_it()
    {
        File.WriteAllText(Path, "AKIAOTHER:the-secret\n");

        AmazonClientException failure = Assert.Throws<AmazonClientException>(() => Read().GetCredentials());

        Assert.StartsWith($"the credentials file {Path} is none", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void GetCredentials_without_the_file_are_the_others_until_it_comes_and_again_when_it_went()
    {
        CredentialsFile credentials = Read();
        Assert.Equal("OTHER", credentials.GetCredentials().AccessKey);

        Publish("..1", "OLD");
        File.CreateSymbolicLink(Path, System.IO.Path.Combine("..data", "credentials"));
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("OLD", credentials.GetCredentials().AccessKey);

        File.Delete(Path);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("OTHER", credentials.GetCredentials().AccessKey);
    }

    [Fact]
    public void GetCredentials_without_the_file_and_others_fails_and_recovers()
    {
        var credentials = new CredentialsFile(Path, "default", () => throw new AmazonClientException("none"), _time);
        Assert.Throws<AmazonClientException>(credentials.GetCredentials);

        Publish("..1", "OLD");
        File.CreateSymbolicLink(Path, System.IO.Path.Combine("..data", "credentials"));

        Assert.Equal("OLD", credentials.GetCredentials().AccessKey);
    }

    [Fact]
    public async Task GetCredentials_without_the_file_and_others_keeps_that_for_a_while()
    {
        int searches = 0;
        var credentials = new CredentialsFile(Path, "default", () => { searches++; throw new AmazonClientException("none"); }, _time);
        await Assert.ThrowsAsync<AmazonClientException>(credentials.GetCredentialsAsync);
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal("none", (await Assert.ThrowsAsync<AmazonClientException>(credentials.GetCredentialsAsync)).Message);
        Assert.Equal(1, searches);

        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<AmazonClientException>(credentials.GetCredentialsAsync);

        Assert.Equal(2, searches);
    }

    [Fact]
    public async Task GetCredentials_after_a_Secret_was_deleted_and_nothing_else_is_found_never_gives_its_keys_again()
    {
        var credentials = new CredentialsFile(Path, "default", () => throw new AmazonClientException("none"), _time);
        Publish("..1", "OLD");
        File.CreateSymbolicLink(Path, System.IO.Path.Combine("..data", "credentials"));
        Assert.Equal("OLD", (await credentials.GetCredentialsAsync()).AccessKey);

        File.Delete(Path);
        for (int second = 15; second < 60; second += 5)
        {
            _time.Advance(TimeSpan.FromSeconds(second == 15 ? 15 : 5));
            await Assert.ThrowsAsync<AmazonClientException>(credentials.GetCredentialsAsync);
        }
    }

    [Fact]
    public async Task GetCredentials_after_a_Secret_became_unusable_never_gives_its_keys_again_until_it_is_corrected()
    {
        CredentialsFile credentials = Read();
        await WriteAsync("default", "OLD");
        Assert.Equal("OLD", (await credentials.GetCredentialsAsync()).AccessKey);

        await WriteAsync("other", "NEW");
        _time.Advance(TimeSpan.FromSeconds(15));
        await Assert.ThrowsAsync<AmazonClientException>(credentials.GetCredentialsAsync);
        await Assert.ThrowsAsync<AmazonClientException>(credentials.GetCredentialsAsync);

        await WriteAsync("default", "NEW");
        Assert.Equal("NEW", (await credentials.GetCredentialsAsync()).AccessKey);
    }

    [Fact]
    public async Task GetCredentials_while_the_others_are_looked_for_share_one_search_and_a_file_that_comes_is_not_held_up()
    {
        int searches = 0;
        using var found = new ManualResetEventSlim();
        var credentials = new CredentialsFile(Path, "default", () =>
        {
            Interlocked.Increment(ref searches);
            found.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            return new BasicAWSCredentials("OTHER", "secret");
        }, _time);
        Task<ImmutableCredentials>[] waiting = [credentials.GetCredentialsAsync(), credentials.GetCredentialsAsync()];
        Assert.All(waiting, task => Assert.False(task.IsCompleted));

        await WriteAsync("default", "NEW");
        string key = (await credentials.GetCredentialsAsync()).AccessKey;
        found.Set();

        Assert.Equal("NEW", key);
        Assert.Equal(["OTHER", "OTHER"], (await Task.WhenAll(waiting)).Select(c => c.AccessKey));
        Assert.Equal(1, searches);
    }

    private Task WriteAsync(string profile, string accessKey) => File.WriteAllTextAsync(
        Path, $"[{profile}]\naws_access_key_id = {accessKey}\naws_secret_access_key = secret\n", TestContext.Current.CancellationToken);

    private CredentialsFile Read() => new(Path, "default", () => new BasicAWSCredentials("OTHER", "secret"), _time);

    // As the kubelet does: a new folder, then another target for the link.
    private void Publish(string version, string accessKey)
    {
        DirectoryInfo folder = _mount.CreateSubdirectory(version);
        File.WriteAllText(System.IO.Path.Combine(folder.FullName, "credentials"), $"[default]\naws_access_key_id = {accessKey}\naws_secret_access_key = secret\n");
        string data = System.IO.Path.Combine(_mount.FullName, "..data");
        if (Directory.Exists(data))
        {
            Directory.Delete(data);
        }

        File.CreateSymbolicLink(data, version);
    }
}
