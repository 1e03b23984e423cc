using System.Text.Json;
using LocalRegistry.Operator.Aws.Bucket;
using Xunit;

namespace LocalRegistry.Operator.Tests.Aws;

public sealed class BucketPolicyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("<Error/>")]
    [InlineData("[]")]
    [InlineData("""{"Version":"2012-10-17"}""")]
    [InlineData("""{"Statement":"Deny"}""")]
    [InlineData("""{"Statement":null}""")]
    [InlineData("""{"Statement":[null]}""")]
    [InlineData("""{"Statement":[{"Effect":"Deny"},7]}""")]
    [InlineData("""{"Statement":{"Effect":"Deny","Condition":"Bool"}}""")]
    [InlineData("""{"Statement":{"Effect":"Deny","Condition":{"Bool":"aws:SecureTransport"}}}""")]
    [InlineData("""{"Statement":{"Effect":"Deny","Condition":{"Bool":["aws:SecureTransport"]}}}""")]
    [InlineData("""{"Statement":{"Effect":"Deny","Effect":"Allow"}}""")]
    [InlineData("""{"Statement":{"Effect":"Deny","Sid":"\ud83d"}}""")]
    [InlineData("""{"Statement":{"Effect":"Deny","Condition":{"\ud83d":{}}}}""")]
    public void Parse_of_what_is_no_policy_says_so_in_one_way(string json) => Assert.ThrowsAny<JsonException>(() => BucketPolicy.Parse(json));

    [Fact]
    public void Parse_of_a_statement_without_a_list_and_without_a_condition_reads_it()
    {
        PolicyStatement statement = BucketPolicy.Parse("""{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}""").Statements.Single();

        Assert.Equal((true, true), (statement.Denies, statement.ForEverybody));
        Assert.Empty(statement.Conditions);
    }
}
