using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace LocalRegistry.Operator.Aws;

/// <summary>A shared credentials file, read so that what is wrong with it can be told: the SDK quotes the line that it cannot read, which may be a key.</summary>
internal static class SharedCredentials
{
    /// <summary>How it begins to be told that a file is none.</summary>
    public const string Unreadable = "the credentials file";

    /// <summary>A profile's credentials; null if the file or the profile in it is not there.</summary>
    /// <exception cref="AmazonClientException">The file is none.</exception>
    public static AWSCredentials? Find(string path, string profile)
    {
        try
        {
            return new CredentialProfileStoreChain(path).TryGetAWSCredentials(profile, out AWSCredentials credentials) ? credentials : null;
        }
        catch (InvalidDataException)
        {
            throw new AmazonClientException($"{Unreadable} {path} has a line that is neither a section nor a setting");
        }
    }
}
