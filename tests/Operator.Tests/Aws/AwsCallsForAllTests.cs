using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using LocalRegistry.Operator.Aws.Calls;
using LocalRegistry.Operator.Telemetry;
using Xunit;

namespace LocalRegistry.Operator.Tests.Aws;

[Collection(nameof(ProcessWide))]
public sealed class AwsCallsForAllTests
{
    [Fact]
    public async Task Use_for_all_clients_reaches_the_client_that_the_SDK_makes_for_a_web_identity()
    {
        string token = Path.GetTempFileName();
        await File.WriteAllTextAsync(token, "a.b.c", TestContext.Current.CancellationToken);
        var counter = new CountedCalls();
        using var calls = new AwsCalls(new AwsLimits(), counter, new Sts());
        calls.UseForAllClients();

        Assert.Same(calls, new AmazonS3Config().HttpClientFactory);
        ImmutableCredentials keys = await new AssumeRoleWithWebIdentityCredentials(token, "arn:aws:iam::111122223333:role/r", "session").GetCredentialsAsync();

        Assert.Equal("ASIAEXAMPLE", keys.AccessKey);
        Assert.Equal(["STS AssumeRoleWithWebIdentity 200"], counter.Asked);
        File.Delete(token);
    }

    [Fact]
    public void Dispose_leaves_the_SDK_its_own_way()
    {
        using var metrics = new OperatorMetrics();
        var calls = new AwsCalls(new AwsLimits(), metrics);
        calls.UseForAllClients();
        calls.Dispose();

        Assert.Null(AWSConfigs.HttpClientFactory);
    }

    private sealed class Sts : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent("""
                    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
                    <AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
                    </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                    """),
            });
    }
}
