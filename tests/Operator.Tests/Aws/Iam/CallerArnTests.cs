using LocalRegistry.Operator.Aws.Iam;
using Xunit;

namespace LocalRegistry.Operator.Tests.Aws.Iam;

public sealed class CallerArnTests
{
    [Theory]
    [InlineData("arn:aws:sts::123456789012:assumed-role/pull/session", nameof(CallerKind.RoleSession), "aws", "pull")]
    [InlineData("arn:aws-cn:sts::123456789012:assumed-role/pull", nameof(CallerKind.RoleSession), "aws-cn", "pull")]
    [InlineData("arn:aws:iam::123456789012:role/team/a/pull", nameof(CallerKind.RoleSession), "aws", "pull")]
    [InlineData("arn:aws:iam::123456789012:user/team/registry", nameof(CallerKind.User), "aws", "registry")]
    [InlineData("arn:aws-us-gov:sts::123456789012:federated-user/bob", nameof(CallerKind.FederatedUser), "aws-us-gov", "bob")]
    [InlineData("arn:aws:iam::123456789012:root", nameof(CallerKind.Root), "aws", "root")]
    public void TryParse_tells_what_a_caller_is(string arn, string kind, string partition, string name)
    {
        Assert.True(CallerArn.TryParse(arn, out CallerArn? caller));

        Assert.Equal((kind, partition, "123456789012", name), ($"{caller.Kind}", caller.Partition, caller.Account, caller.Name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("registry")]
    [InlineData("arn:aws:s3:::bucket")]
    [InlineData("arn:aws:iam::123456789012:group/admins")]
    [InlineData("arn:aws:iam::123456789012:policy/x")]
    public void TryParse_of_what_is_no_caller_is_false(string? arn) => Assert.False(CallerArn.TryParse(arn, out _));

    [Theory]
    [InlineData("arn:aws:sts::123456789012:assumed-role/pull/another-session", true)]
    [InlineData("arn:aws:iam::123456789012:role/team/pull", true)]
    [InlineData("arn:aws:iam::123456789012:user/pull", false)]
    [InlineData("arn:aws:iam::210987654321:role/pull", false)]
    [InlineData("arn:aws:iam::123456789012:role/push", false)]
    public void IsSameAs_looks_at_account_kind_and_name(string other, bool expected)
    {
        Assert.True(CallerArn.TryParse("arn:aws:sts::123456789012:assumed-role/pull/session", out CallerArn? session));
        Assert.True(CallerArn.TryParse(other, out CallerArn? compared));

        Assert.Equal(expected, session.IsSameAs(compared));
    }
}
