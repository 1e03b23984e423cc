using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// The keys of a shared credentials file, read again when the file changes. The SDK watches the file itself, which a Kubernetes Secret
/// never changes: it puts another folder behind the symbolic link that the file is reached through. While the file is not there, as with a
/// Secret that is optional, the rest of the AWS chain is asked: the pod's own identity. What was found, or that nothing was, stands for a while,
/// but a file that comes ends a failure at once; keys that are gone from the file are used no more, whatever is found instead.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="profile">The profile in it.</param>
/// <param name="otherwise">Gives the credentials while there is no file.</param>
/// <param name="time">The clock.</param>
internal sealed class CredentialsFile(string path, string profile, Func<AWSCredentials> otherwise, TimeProvider time) : AWSCredentials
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private Answer? _answer;

    /// <summary>Where the file is.</summary>
    public string Path => path;

    /// <summary>The file that the environment names, if the AWS chain would get to it; null otherwise.</summary>
    public static CredentialsFile? FromEnvironment() =>
        Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID") is null
        && Environment.GetEnvironmentVariable("AWS_WEB_IDENTITY_TOKEN_FILE") is null
        && NamedCredentialsFile.Path is { } path
            ? new CredentialsFile(
                path,
                Environment.GetEnvironmentVariable("AWS_PROFILE") ?? "default",
                () => DefaultAWSCredentialsIdentityResolver.GetCredentials(),
                TimeProvider.System)
            : null;

    public override ImmutableCredentials GetCredentials() => CurrentAsync().GetAwaiter().GetResult().GetCredentials();

    public override async Task<ImmutableCredentials> GetCredentialsAsync() => await (await CurrentAsync()).GetCredentialsAsync();

    /// <summary>What is used now: the file's credentials, or the others.</summary>
    /// <exception cref="AmazonClientException">The file has no usable profile or cannot be read; or there is none, and no others.</exception>
    public Task<AWSCredentials> CurrentAsync()
    {
        lock (_lock)
        {
            Answer? last = _answer;
            bool isSearching = last is { Credentials.IsCompleted: false };
            bool isRecent = last is not null && !isSearching && time.GetElapsedTime(last.At) < LookInterval;
            bool isFound = last is { Credentials.IsCompletedSuccessfully: true };
            if (isRecent && isFound)
            {
                return last!.Credentials;
            }

            string? text;
            try
            {
                text = Read();
            }
            catch (AmazonClientException e)
            {
                return Task.FromException<AWSCredentials>(e);
            }

            if (last is not null && last.Text == text && (isSearching || isRecent || isFound))
            {
                if (isFound)
                {
                    last.At = time.GetTimestamp();
                }

                return last.Credentials;
            }

            // The chain may take long, so it does not look in here: who has the lock may have it for a moment only.
            _answer = text is null ? new Answer(null, () => Task.Run(otherwise), time) : new Answer(text, () => Task.FromResult(Parse()), time);
            return _answer.Credentials;
        }
    }

    private AWSCredentials Parse()
    {
        // The SDK would quote the line that it cannot read, which may be a key.
        if (!NamedCredentialsFile.IsReadable(path))
        {
            throw new AmazonClientException($"the credentials file {path} is none: it has a line that is neither a section nor a setting");
        }

        return new CredentialProfileStoreChain(path).TryGetAWSCredentials(profile, out AWSCredentials credentials)
            ? credentials
            : throw new AmazonClientException($"the credentials file {path} has no usable profile \"{profile}\"");
    }

    // Null if there is none.
    private string? Read()
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AmazonClientException($"the credentials file cannot be read: {e.Message}", e);
        }
    }

    // What a state of the file led to.
    private sealed class Answer
    {
        public Answer(string? text, Func<Task<AWSCredentials>> find, TimeProvider time)
        {
            Text = text;
            Credentials = RunAsync(find, time);
        }

        // Null for no file.
        public string? Text { get; }

        public Task<AWSCredentials> Credentials { get; }

        // When that was seen last: written before the task ends and read after it, then under the lock.
        public long At { get; set; }

        private async Task<AWSCredentials> RunAsync(Func<Task<AWSCredentials>> find, TimeProvider time)
        {
            try
            {
                return await find();
            }
            finally
            {
                At = time.GetTimestamp();
            }
        }
    }
}
