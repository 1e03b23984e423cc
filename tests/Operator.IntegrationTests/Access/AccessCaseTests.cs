using Amazon.Runtime;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Operator.IntegrationTests.Cases;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Access;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Access;

/// <summary>What users are told about the registry's identity and its permissions, by an IAM that evaluates real policies.</summary>
public sealed class AccessCaseTests(AwsFixture aws)
{
    private static readonly AccessCase[] All = [.. IdentityCases.All, .. PermissionCases.All, .. IamCases.All, .. ExcessCases.All];

    public static TheoryData<string> Cases { get; } = [.. All.Select(c => c.ToString())];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_user_is_told(string name)
    {
        (int number, AccessCase @case) = All.Index().Single(c => c.Item.ToString() == name);
        string own = $"registry-{number}";
        CancellationToken cancel = TestContext.Current.CancellationToken;
        string? arn = await @case.Identity(new CaseIdentity(aws.Moto, @case, own, cancel));
        Uri endpoint = @case.Iam?.Invoke(aws) ?? aws.Iam.Endpoint;
        var reader = new IamReader(
            _ => Task.FromResult<AWSCredentials>(new BasicAWSCredentials(@case.OperatorKey, "secret")), config => config.ServiceURL = endpoint.ToString());

        AccessAnswer answer = await new AccessValidation(reader, TimeProvider.System)
            .RunAsync(@case.Context, @case.Report(arn), @case.Bucket, TimeSpan.FromMinutes(10), cancel);

        Finding finding = answer.Findings.Single(f => f.Check.Name == @case.Check);
        Assert.Equal((@case.Outcome, @case.Reason), (finding.Answer.Outcome, finding.Answer.Reason));
        CheckAnswer told = finding.Answer with { Message = finding.Answer.Message.Replace(own, "registry", StringComparison.Ordinal) };
        CaseTable.Record("Access", @case.Given, finding.Check, told);
    }
}
