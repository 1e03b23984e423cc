namespace LocalRegistry.Operator.Aws.Bucket;

/// <summary>Who owns what others write to a bucket.</summary>
/// <param name="Setting"><c>BucketOwnerEnforced</c> (access control lists are off), <c>BucketOwnerPreferred</c> or <c>ObjectWriter</c>.</param>
internal sealed record ObjectOwnership(string Setting)
{
    public const string Enforced = "BucketOwnerEnforced";
}
