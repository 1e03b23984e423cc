using LocalRegistry.Operator.Aws.Iam;
using Xunit;

namespace LocalRegistry.Operator.Tests.Aws.Iam;

public sealed class BucketStatementsTests
{
    private const string Role = "arn:aws:iam::123456789012:role/team/pull";

    [Theory]
    [InlineData("Deny", "\"*\"", true)]
    [InlineData("Deny", """{"AWS":"*"}""", true)]
    [InlineData("Deny", $$"""{"AWS":["arn:aws:iam::123456789012:role/other","{{Role}}"]}""", true)]
    [InlineData("Deny", """{"AWS":"123456789012"}""", true)]
    [InlineData("Deny", """{"AWS":"arn:aws:iam::123456789012:root"}""", true)]
    [InlineData("Deny", """{"AWS":"arn:aws:iam::210987654321:root"}""", false)]
    [InlineData("Deny", """{"AWS":"arn:aws:iam::123456789012:role/other"}""", false)]
    [InlineData("Deny", """{"Service":"logging.s3.amazonaws.com"}""", false)]
    [InlineData("Allow", $$"""{"AWS":"{{Role}}"}""", true)]
    [InlineData("Allow", "\"*\"", true)]
    // It leaves it to the account's own policies, which are simulated anyway.
    [InlineData("Allow", """{"AWS":"arn:aws:iam::123456789012:root"}""", false)]
    public void For_finds_the_statements_that_speak_to_a_role(string effect, string principal, bool speaks)
    {
        string policy = $$$"""{"Version":"2012-10-17","Statement":{"Effect":"{{{effect}}}","Principal":{{{principal}}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}""";

        Assert.Equal(speaks ? 1 : 0, For(policy)!.Count);
    }

    [Theory]
    [InlineData("arn:aws:iam::123456789012:role/admin", true)]
    [InlineData(Role, false)]
    public void For_takes_a_denial_of_all_but_others_as_one_of_this_role(string spared, bool speaks)
    {
        string policy = $$"""{"Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":["{{spared}}"]},"Action":"*","Resource":"*"}]}""";

        Assert.Equal(speaks ? 1 : 0, For(policy)!.Count);
    }

    [Fact]
    public void For_makes_each_statement_a_policy_of_its_own_with_its_conditions_and_without_its_principal()
    {
        IReadOnlyList<BucketStatement> statements = For(
            """
            {"Version":"2012-10-17","Statement":[
              {"Sid":"TLS only","Effect":"Deny","Principal":"*","NotAction":"s3:ListBucket","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}},
              {"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::123456789012:role/other"},"Action":"*","Resource":"*"},
              {"Effect":"Deny","Principal":"*","Action":"*","NotResource":"x"}]}
            """)!;

        Assert.Equal(
            [
                new BucketStatement(
                    "statement \"TLS only\"",
                    """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":"s3:ListBucket","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"""),
                new BucketStatement("statement 3", """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","NotResource":"x"}]}"""),
            ],
            statements);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("""{"Statement":["x"]}""")]
    [InlineData("""{"Statement":[{"Effect":"Deny","Principal":7}]}""")]
    public void For_of_what_is_no_policy_is_nothing(string policy) => Assert.Null(For(policy));

    [Fact]
    public void For_of_a_policy_without_statements_is_empty() => Assert.Empty(For("""{"Statement":[]}""")!);

    private static IReadOnlyList<BucketStatement>? For(string policy)
    {
        Assert.True(CallerArn.TryParse("arn:aws:sts::123456789012:assumed-role/pull/session", out CallerArn? caller));
        return BucketStatements.For(policy, new IamPrincipal(Role, caller, null));
    }
}
