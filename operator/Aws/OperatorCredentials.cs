using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace LocalRegistry.Operator.Aws;

/// <summary>
/// The operator's own credentials. The SDK keeps the first that it finds for the life of the process, and takes a credentials file that is not
/// there when the process starts for absent ever after; a Secret may be made, or changed, later.
/// </summary>
internal static class OperatorCredentials
{
    private const string DefaultProfile = "default";

    private static readonly CredentialCache Cache = new(Variable("AWS_SHARED_CREDENTIALS_FILE"), FindAsync, TimeProvider.System);

    /// <exception cref="AmazonClientException">There are none.</exception>
    public static Task<AWSCredentials> ResolveAsync(CancellationToken cancel) => Cache.GetAsync(cancel);

    private static async Task<AWSCredentials> FindAsync(CancellationToken cancel)
    {
        // The order is the SDK's: what stands in the environment comes before a file, and a file before the node's role.
        bool inEnvironment = Variable("AWS_ACCESS_KEY_ID") is not null || Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is not null;
        if (!inEnvironment && Variable("AWS_SHARED_CREDENTIALS_FILE") is { } path
            && new CredentialProfileStoreChain(path).TryGetAWSCredentials(Variable("AWS_PROFILE") ?? DefaultProfile, out AWSCredentials credentials))
        {
            return credentials;
        }

        return await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(null, cancel);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
