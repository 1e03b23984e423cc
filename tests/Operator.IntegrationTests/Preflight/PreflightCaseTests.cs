using LocalRegistry.Operator.IntegrationTests.Cases;
using LocalRegistry.Operator.Validation;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Preflight;

/// <summary>What users are told after the registry's program has tried its access, by real calls on stores that enforce.</summary>
public sealed class PreflightCaseTests(AwsFixture aws)
{
    private const string Area = "Preflight";

    private static readonly PreflightCase[] All = [.. CredentialCases.All, .. WebIdentityCases.All, .. RightsCases.All, .. StoreCases.All];

    public static TheoryData<string> Cases => [.. All.Select(c => $"{c}")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_user_is_told(string name)
    {
        PreflightCase given = All.Single(c => $"{c}" == name);
        await using var scene = new PreflightScene(aws, given.Access);
        await given.SetUp(scene);

        IReadOnlyList<Finding> findings = await PreflightRun.JudgeAsync(scene);

        Told[] got = [.. findings.Where(f => given.Told.Any(t => t.Check == f.Check.Name)).Select(f => new Told(f.Check.Name, f.Answer.Outcome, f.Answer.Reason))];
        Assert.All(findings, f => Assert.All(scene.Secrets, secret => Assert.DoesNotContain(secret, f.Answer.Message, StringComparison.Ordinal)));
        Assert.True(given.Told.ToHashSet().SetEquals(got), string.Join('\n', findings.Select(f => $"{f.Check.Name}: {f.Answer}")));
        foreach (Finding found in findings.Where(f => given.Told.Any(t => t.Check == f.Check.Name)))
        {
            CaseTable.Record(Area, given.Given, found.Check, found.Answer with { Message = scene.Shown(found.Answer.Message) });
        }
    }
}
