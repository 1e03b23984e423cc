using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Registry.Configuration.Check;
using Xunit;

namespace LocalRegistry.Operator.Tests.Validation;

public sealed class RoleComparisonTests
{
    private const string Role = "arn:aws:iam::111122223333:role/path/registry";
    private const string Session = "arn:aws:sts::111122223333:assumed-role/registry/session";
    private const string Node = "arn:aws:sts::111122223333:assumed-role/node/i-0123";

    [Theory]
    [InlineData(null, Node, "instance", null, null)]
    [InlineData(Role, Session, "web-identity", Role, null)]
    [InlineData(Role, Session, "container", null, null)]
    [InlineData(Role, null, "web-identity", Role, null)]
    [InlineData(Role, Node, "instance", null, $"the registry is {Node}, not the role {Role} that spec.serviceAccount.annotations[eks.amazonaws.com/role-arn] names: the pod was given no token")]
    [InlineData(Role, null, "instance", null, $"the registry is one with credentials from instance, not the role {Role}")]
    [InlineData(Role, "arn:aws:sts::444455556666:assumed-role/registry/session", "web-identity", Role, "the registry is arn:aws:sts::444455556666")]
    [InlineData(Role, "arn:aws:iam::111122223333:user/registry", "environment", Role, "the registry is arn:aws:iam::111122223333:user/registry, not")]
    [InlineData(Role, null, "web-identity", "arn:aws:iam::111122223333:role/other", "the pod asks for arn:aws:iam::111122223333:role/other. Correct the ServiceAccount's annotation")]
    public void Problem_is_told_where_the_registry_is_somebody_else(string? annotated, string? arn, string source, string? asked, string? told)
    {
        LocalRegistrySpec spec = Samples.Spec() with
        {
            ServiceAccount = new ServiceAccountSpec
            {
                Annotations = annotated is null ? null : new Dictionary<string, string> { ["eks.amazonaws.com/role-arn"] = annotated },
            },
        };

        string? problem = RoleComparison.Problem(spec, new CheckIdentity(arn, source, asked));

        Assert.Equal(told is null, problem is null);
        Assert.Contains(told ?? "", problem ?? "", StringComparison.Ordinal);
    }

    // The same resource on EKS and elsewhere: where the Secret is, its file is the identity.
    [Fact]
    public void Problem_is_none_with_the_file_of_the_Secret_that_the_resource_names_too()
    {
        LocalRegistrySpec spec = Samples.Spec() with
        {
            Credentials = new CredentialsSpec { SecretRef = new SecretKeyReference { Name = "aws", Optional = true } },
            ServiceAccount = new ServiceAccountSpec { Annotations = new Dictionary<string, string> { ["eks.amazonaws.com/role-arn"] = Role } },
        };

        Assert.Null(RoleComparison.Problem(spec, new CheckIdentity("arn:aws:iam::111122223333:user/u", "profile")));
        Assert.NotNull(RoleComparison.Problem(spec, new CheckIdentity(Node, "instance")));
    }

    [Fact]
    public void Problem_of_a_report_without_identity_is_none() => Assert.Null(RoleComparison.Problem(Samples.Spec(), null));
}
