using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// The keys of a shared credentials file, read again when the file changes. The SDK watches the file itself, which a Kubernetes Secret
/// never changes: it puts another folder behind the symbolic link that the file is reached through. While the file is not there, as with a
/// Secret that is optional, the rest of the AWS chain is asked: the pod's own identity.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="profile">The profile in it.</param>
/// <param name="otherwise">Gives the credentials while there is no file.</param>
/// <param name="time">The clock.</param>
internal sealed class CredentialsFile(string path, string profile, Func<AWSCredentials> otherwise, TimeProvider time) : AWSCredentials
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private string? _text;
    private long _looked;
    private AWSCredentials? _current;
    private AWSCredentials? _other;

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

    public override ImmutableCredentials GetCredentials() => Current().GetCredentials();

    public override Task<ImmutableCredentials> GetCredentialsAsync() => Current().GetCredentialsAsync();

    /// <summary>What is used now: the file's credentials, or the others.</summary>
    /// <exception cref="AmazonClientException">The file has no usable profile or cannot be read; or there is none, and no others.</exception>
    public AWSCredentials Current()
    {
        lock (_lock)
        {
            if (_current is not null && time.GetElapsedTime(_looked) < LookInterval)
            {
                return _current;
            }

            string? text = Read();
            _looked = time.GetTimestamp();
            if (text is null)
            {
                _current = _other ??= otherwise();
            }
            else if (_current is null || text != _text)
            {
                _current = Parse();
            }

            _text = text;
            return _current;
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
}
