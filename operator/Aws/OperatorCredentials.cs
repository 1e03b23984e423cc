using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace LocalRegistry.Operator.Aws;

/// <summary>
/// The operator's own credentials. The SDK keeps the first that it finds for the life of the process, and takes a credentials file that is not
/// there when the process starts for absent ever after; a Secret may be made, or changed, later.
/// </summary>
internal static class OperatorCredentials
{
    private const string DefaultProfile = "default";
    private const string FileVariable = "AWS_SHARED_CREDENTIALS_FILE";

    private static readonly string? File = TakeFile();

    private static readonly CredentialCache Cache = new(File, FindAsync, TimeProvider.System);

    /// <exception cref="AmazonClientException">There are none.</exception>
    public static Task<AWSCredentials> ResolveAsync(CancellationToken cancel) => Cache.GetAsync(cancel);

    private static async Task<AWSCredentials> FindAsync(CancellationToken cancel)
    {
        // The order is the SDK's: what stands in the environment comes before a file, and a file before the node's role.
        bool inEnvironment = Variable("AWS_ACCESS_KEY_ID") is not null || Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is not null;
        if (!inEnvironment && File is not null && SharedCredentials.Find(File, Variable("AWS_PROFILE") ?? DefaultProfile) is { } credentials)
        {
            return credentials;
        }

        return await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(null, cancel);
    }

    // The SDK would read the file by itself, too, when its first client is made, and make none for the rest of the process's life if it cannot.
    private static string? TakeFile()
    {
        string? path = Variable(FileVariable);
        if (path is not null)
        {
            Environment.SetEnvironmentVariable(FileVariable, "/dev/null");
        }

        return path;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
