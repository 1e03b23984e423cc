using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// The keys of a shared credentials file, read again when the file changes. The SDK watches the file itself, which a Kubernetes Secret
/// never changes: it puts another folder behind the symbolic link that the file is reached through.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="profile">The profile in it.</param>
/// <param name="time">The clock.</param>
internal sealed class CredentialsFile(string path, string profile, TimeProvider time) : AWSCredentials
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private string? _text;
    private long _looked;
    private AWSCredentials? _current;

    /// <summary>The file that the environment names, if it is where the AWS chain would get to; null otherwise.</summary>
    public static CredentialsFile? FromEnvironment() =>
        Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID") is null
        && Environment.GetEnvironmentVariable("AWS_WEB_IDENTITY_TOKEN_FILE") is null
        && Environment.GetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE") is { } path
        && File.Exists(path)
            ? new CredentialsFile(path, Environment.GetEnvironmentVariable("AWS_PROFILE") ?? "default", TimeProvider.System)
            : null;

    public override ImmutableCredentials GetCredentials() => Current().GetCredentials();

    public override Task<ImmutableCredentials> GetCredentialsAsync() => Current().GetCredentialsAsync();

    private AWSCredentials Current()
    {
        lock (_lock)
        {
            if (_current is not null && time.GetElapsedTime(_looked) < LookInterval)
            {
                return _current;
            }

            string text = Read();
            _looked = time.GetTimestamp();
            if (_current is null || text != _text)
            {
                _current = new CredentialProfileStoreChain(path).TryGetAWSCredentials(profile, out AWSCredentials credentials)
                    ? credentials
                    : throw new AmazonClientException($"the credentials file {path} has no usable profile \"{profile}\"");
                _text = text;
            }

            return _current;
        }
    }

    private string Read()
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AmazonClientException($"the credentials file cannot be read: {e.Message}", e);
        }
    }
}
