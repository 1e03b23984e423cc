using LocalRegistry.Registry.Checks;
using Xunit;

namespace LocalRegistry.Registry.Tests.Checks;

/// <summary>Messages as AWS documents them ("Troubleshoot access denied error messages").</summary>
public sealed class AccessDenialTests
{
    private const string Who = "arn:aws:sts::111122223333:assumed-role/registry/i-1";
    private const string Put = $"User: {Who} is not authorized to perform: s3:PutObject on resource: \"arn:aws:s3:::images/k\" ";
    private const string Decrypt = $"User: {Who} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:111122223333:key/1 ";

    [Theory]
    [InlineData(Put + "because no identity-based policy allows the s3:PutObject action", $"allow s3:PutObject on arn:aws:s3:::images/k in a policy of {Who}")]
    [InlineData(Put + "with an explicit deny in an identity-based policy", $"a Deny statement in the policies of {Who} matches s3:PutObject on arn:aws:s3:::images/k")]
    [InlineData(Put + "because no resource-based policy allows the s3:PutObject action", $"allow {Who} s3:PutObject on arn:aws:s3:::images/k in the bucket's policy")]
    [InlineData(Put + "with an explicit deny in a resource-based policy", "a Deny statement in the bucket's policy matches s3:PutObject on arn:aws:s3:::images/k")]
    [InlineData(Put + "because no permissions boundary allows the s3:PutObject action", $"the permissions boundary of {Who} does not allow s3:PutObject")]
    [InlineData(Put + "with an explicit deny in a permissions boundary", $"the permissions boundary of {Who} denies s3:PutObject")]
    [InlineData(Put + "because no session policy allows the s3:PutObject action", "the policy of the session")]
    [InlineData(Put + "because no service control policy allows the s3:PutObject action", "the service control policies of your organization do not allow")]
    [InlineData(Put + "with an explicit deny in a service control policy", "a service control policy of your organization denies")]
    [InlineData(Put + "with an explicit deny in a resource control policy", "a resource control policy of your organization denies")]
    [InlineData(Put + "because no VPC endpoint policy allows the s3:PutObject action", "the policy of the VPC endpoint that the node goes through does not allow s3:PutObject")]
    [InlineData(Put + "with an explicit deny in a VPC endpoint policy", "the policy of the VPC endpoint")]
    [InlineData(Put + "with an explicit deny in a session endpoint policy", "a session endpoint policy denies s3:PutObject on arn:aws:s3:::images/k")]
    [InlineData(Put, $"allow {Who} s3:PutObject on arn:aws:s3:::images/k")]
    [InlineData(Decrypt + "because no identity-based policy allows the kms:Decrypt action", $"allow kms:Decrypt on arn:aws:kms:us-east-1:111122223333:key/1 in a policy of {Who}")]
    [InlineData(Decrypt + "with an explicit deny in a resource-based policy", "a Deny statement in the KMS key's policy matches kms:Decrypt")]
    [InlineData(
        Decrypt + "because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
        $"allow {Who} kms:Decrypt on arn:aws:kms:us-east-1:111122223333:key/1, in its policies and in the KMS key's policy")]
    public void Advice_names_the_policy_that_denies_and_what_to_change(string said, string advice) =>
        Assert.StartsWith(advice, AccessDenial.TryParse(said)!.Advice("arn:aws:s3:::other/*"), StringComparison.Ordinal);

    [Fact]
    public void Advice_on_one_of_the_registrys_objects_is_for_all_of_them() => Assert.StartsWith(
        "allow s3:PutObject on arn:aws:s3:::images/* in a policy of",
        AccessDenial.TryParse(Put + "because no identity-based policy allows the s3:PutObject action")!.Advice("arn:aws:s3:::images/*"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("Access Denied")]
    [InlineData("The AWS Access Key Id you provided does not exist in our records.")]
    public void TryParse_of_what_names_nobody_is_null(string said) => Assert.Null(AccessDenial.TryParse(said));
}
