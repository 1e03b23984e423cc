using System.Globalization;
using System.Net;
using System.Xml.Linq;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Operator.IntegrationTests.Servers;

/// <summary>Holds the stand-in for IAM to what AWS answers: tests that use it are worth what it is.</summary>
public sealed class IamSimulatorTests(AwsFixture aws)
{
    private const string ReadObjects =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::images/*"}]}""";

    private static readonly XNamespace Iam = "https://iam.amazonaws.com/doc/2010-05-08/";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SimulatePrincipalPolicy_of_a_role_names_the_inline_policy_that_allows()
    {
        string role = await aws.Moto.CreateRoleAsync("sim-inline", "/team/", ReadObjects, Cancel);

        XDocument answer = await SimulateAsync(role, ["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::images/x");

        Assert.Equal(["s3:GetObject allowed", "s3:PutObject implicitDeny"], Decisions(answer));
        Assert.Equal("role_sim-inline_registry", answer.Descendants(Iam + "SourcePolicyId").First().Value);
        Assert.Equal("arn:aws:s3:::images/x", answer.Descendants(Iam + "ResourceSpecificResults").First().Descendants(Iam + "EvalResourceName").Single().Value);
    }

    [Fact]
    public async Task SimulatePrincipalPolicy_with_a_boundary_tells_that_it_denies()
    {
        string boundary = await aws.Moto.CreatePolicyAsync(
            "sim-boundary", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:List*","Resource":"*"}]}""", Cancel);
        string role = await aws.Moto.CreateRoleAsync("sim-bounded", "/", ReadObjects, Cancel);
        await aws.Moto.IamAsync("PutRolePermissionsBoundary", [new("RoleName", "sim-bounded"), new("PermissionsBoundary", boundary)], Cancel);

        XDocument answer = await SimulateAsync(role, ["s3:GetObject"], "arn:aws:s3:::images/x");

        Assert.Equal(["s3:GetObject implicitDeny"], Decisions(answer));
        Assert.Equal("false", answer.Descendants(Iam + "AllowedByPermissionsBoundary").First().Value);
    }

    [Fact]
    public async Task SimulatePrincipalPolicy_under_an_organization_policy_tells_that_it_denies()
    {
        string policy = await aws.Moto.CreatePolicyAsync(
            "sim-organization", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"}]}""", Cancel);
        string role = await aws.Moto.CreateRoleAsync("sim-member", "/", ReadObjects, Cancel);
        await aws.Moto.IamAsync(
            "TagRole", [new("RoleName", "sim-member"), new("Tags.member.1.Key", "organization-policy"), new("Tags.member.1.Value", policy)], Cancel);

        XDocument answer = await SimulateAsync(role, ["s3:GetObject"], "arn:aws:s3:::images/x");

        Assert.Equal(["s3:GetObject implicitDeny"], Decisions(answer));
        Assert.Equal("false", answer.Descendants(Iam + "AllowedByOrganizations").First().Value);
    }

    [Fact]
    public async Task SimulatePrincipalPolicy_gives_one_page_after_the_other()
    {
        string role = await aws.Moto.CreateRoleAsync("sim-pages", "/", ReadObjects, Cancel);
        string[] actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];

        XDocument first = await SimulateAsync(role, actions, "arn:aws:s3:::images/x", new KeyValuePair<string, string>("MaxItems", "2"));
        XDocument second = await SimulateAsync(
            role, actions, "arn:aws:s3:::images/x", new("MaxItems", "2"), new("Marker", first.Descendants(Iam + "Marker").Single().Value));

        Assert.Equal(["s3:GetObject allowed", "s3:PutObject implicitDeny"], Decisions(first));
        Assert.Equal(["s3:DeleteObject implicitDeny"], Decisions(second));
        Assert.Equal("false", second.Descendants(Iam + "IsTruncated").Single().Value);
    }

    [Theory]
    [InlineData("arn:aws:sts::123456789012:assumed-role/sim-x/session", "s3:GetObject", HttpStatusCode.BadRequest, "does not clearly define entity type and name")]
    [InlineData("arn:aws:iam::123456789012:role/sim-nobody", "s3:GetObject", HttpStatusCode.NotFound, "NoSuchEntity")]
    [InlineData("arn:aws:iam::123456789012:role/sim-nobody", "s3:GetObject s3:Nothing", HttpStatusCode.BadRequest, "require different authorization information")]
    public async Task SimulatePrincipalPolicy_is_refused_as_AWS_refuses_it(string principal, string actions, HttpStatusCode status, string message)
    {
        HttpRequestException e = await Assert.ThrowsAsync<HttpRequestException>(() => SimulateAsync(principal, actions.Split(' '), "arn:aws:s3:::images/x"));

        Assert.Equal(status, e.StatusCode);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SimulatePrincipalPolicy_takes_a_resource_policy_for_a_role_only_with_a_caller_that_is_a_user()
    {
        string role = await aws.Moto.CreateRoleAsync("sim-caller", "/", ReadObjects, Cancel);
        KeyValuePair<string, string> policy = new("ResourcePolicy", """{"Version":"2012-10-17","Statement":[]}""");

        HttpRequestException without = await Assert.ThrowsAsync<HttpRequestException>(
            () => SimulateAsync(role, ["s3:GetObject"], "arn:aws:s3:::images/x", policy));
        HttpRequestException withRole = await Assert.ThrowsAsync<HttpRequestException>(
            () => SimulateAsync(role, ["s3:GetObject"], "arn:aws:s3:::images/x", policy, new("CallerArn", role)));

        Assert.Contains("InvalidInput", without.Message, StringComparison.Ordinal);
        Assert.Contains("InvalidInput", withRole.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_may_not_simulate_is_denied()
    {
        HttpRequestException e = await Assert.ThrowsAsync<HttpRequestException>(
            () => aws.Iam.IamAsync(IamSimulator.WithoutSimulate, "SimulatePrincipalPolicy", [new("PolicySourceArn", "arn:aws:iam::123456789012:role/x")], Cancel));

        Assert.Equal(HttpStatusCode.Forbidden, e.StatusCode);
        Assert.Contains("is not authorized to perform: iam:SimulatePrincipalPolicy", e.Message, StringComparison.Ordinal);
    }

    private Task<XDocument> SimulateAsync(string principal, string[] actions, string resource, params KeyValuePair<string, string>[] more) =>
        aws.Iam.IamAsync(
            "AKIAOPERATOR",
            "SimulatePrincipalPolicy",
            [
                new("PolicySourceArn", principal),
                new("ResourceArns.member.1", resource),
                .. actions.Select((action, i) => new KeyValuePair<string, string>(string.Create(CultureInfo.InvariantCulture, $"ActionNames.member.{i + 1}"), action)),
                .. more,
            ],
            Cancel);

    private static string[] Decisions(XDocument answer) =>
        [.. answer.Descendants(Iam + "EvalDecision").Select(d => $"{d.Parent!.Element(Iam + "EvalActionName")!.Value} {d.Value}")];
}
