using Amazon.Runtime;

namespace LocalRegistry.Operator.Aws;

/// <summary>
/// Credentials that say in one way only that there are none. Of a web identity whose token's file is not there the SDK says so by an exception
/// of the kind that stands for mistakes of the program, and not before a call is signed.
/// </summary>
/// <param name="inner">What was found.</param>
internal sealed class OwnCredentials(AWSCredentials inner) : AWSCredentials
{
    /// <summary>What to throw in the place of such an exception.</summary>
    public static AmazonClientException None(InvalidOperationException e) => new(e.Message, e);

    public override ImmutableCredentials GetCredentials()
    {
        try
        {
            return inner.GetCredentials();
        }
        catch (InvalidOperationException e)
        {
            throw None(e);
        }
    }

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        try
        {
            return await inner.GetCredentialsAsync();
        }
        catch (InvalidOperationException e)
        {
            throw None(e);
        }
    }
}
