using System.Net;
using System.Web;
using Amazon.Runtime;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Calls;
using LocalRegistry.Operator.Aws.Iam;
using Xunit;

namespace LocalRegistry.Operator.Tests.Aws.Iam;

public sealed class IamReaderTests : IDisposable
{
    private const string Own = "123456789012";

    private readonly Transport _transport = new();
    private readonly CountedCalls _counter = new();
    private readonly AwsCalls _calls;
    private readonly IamReader _reader;

    public IamReaderTests()
    {
        _calls = new AwsCalls(new AwsLimits(), _counter, _transport);
        _reader = new IamReader(_ => Task.FromResult<AWSCredentials>(new BasicAWSCredentials("AKIAOPERATOR", "secret")), config => config.HttpClientFactory = _calls);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _calls.Dispose();

    [Theory]
    [InlineData("aws", "iam.amazonaws.com", "us-east-1")]
    [InlineData("aws-cn", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1")]
    [InlineData("aws-us-gov", "iam.us-gov.amazonaws.com", "us-gov-west-1")]
    public async Task Resolve_asks_the_one_endpoint_of_the_roles_partition_with_a_signature_for_its_region(string partition, string host, string region)
    {
        AwsAnswer<IamPrincipal> answer = await _reader.ResolveAsync($"arn:{partition}:sts::{Own}:assumed-role/pull/session", Cancel);

        Assert.Equal($"arn:{partition}:iam::{Own}:role/team/pull", answer.Value?.Arn);
        Call call = _transport.Calls.Single(c => c.Parameters["Action"] == "GetRole");
        Assert.Equal((host, "pull", "2010-05-08"), (call.Host, call.Parameters["RoleName"], call.Parameters["Version"]));
        Assert.Contains($"Credential=AKIAOPERATOR/{call.Day}/{region}/iam/aws4_request", call.Authorization, StringComparison.Ordinal);
        Assert.Equal(["STS GetCallerIdentity 200", "IAM GetRole 200"], _counter.Asked);
    }

    [Fact]
    public async Task Resolve_in_a_partition_whose_IAM_is_not_known_asks_nothing_and_says_what_to_set()
    {
        AwsFailure failure = (await _reader.ResolveAsync($"arn:aws-new:sts::{Own}:assumed-role/pull/session", Cancel)).Failure!;

        Assert.Equal(AwsFailureKind.Invalid, failure.Kind);
        Assert.Contains("AWS_ENDPOINT_URL_IAM", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_transport.Calls);
    }

    [Fact]
    public async Task Resolve_of_a_role_tells_its_boundary()
    {
        _transport.Boundary = "arn:aws:iam::123456789012:policy/limits";

        Assert.Equal(_transport.Boundary, (await _reader.ResolveAsync($"arn:aws:sts::{Own}:assumed-role/pull/session", Cancel)).Value?.Boundary);
    }

    [Fact]
    public async Task Resolve_of_a_user_asks_IAM_nothing()
    {
        AwsAnswer<IamPrincipal> answer = await _reader.ResolveAsync($"arn:aws:iam::{Own}:user/team/registry", Cancel);

        Assert.Equal($"arn:aws:iam::{Own}:user/team/registry", answer.Value?.Arn);
        Assert.Equal(["STS GetCallerIdentity 200"], _counter.Asked);
    }

    [Fact]
    public async Task Resolve_where_the_operators_account_is_not_told_finds_another_account_by_the_role_of_that_name()
    {
        _transport.Account = null;

        AwsAnswer<IamPrincipal> answer = await _reader.ResolveAsync("arn:aws:sts::210987654321:assumed-role/pull/session", Cancel);

        Assert.Equal(AwsFailureKind.Invalid, answer.Failure?.Kind);
        Assert.Contains("of account 210987654321 and the operator is of account 123456789012", answer.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulate_asks_once_for_all_actions_on_one_resource_in_one_context_and_answers_in_the_order_of_the_requests()
    {
        var plain = new Dictionary<string, string> { ["aws:SecureTransport"] = "true" };
        var list = new Dictionary<string, string>(plain) { ["s3:prefix"] = "x/" };
        SimulatedRequest[] requests =
        [
            new("s3:ListBucket", "arn:aws:s3:::b", plain),
            new("s3:ListBucket", "arn:aws:s3:::b", list),
            new("s3:GetObject", "arn:aws:s3:::b/x", plain),
            new("s3:DeleteObject", "arn:aws:s3:::b/x", plain),
        ];

        SimulationResult result = (await _reader.SimulateAsync(new SimulationQuery(Principal, requests, []), Cancel)).Value!;

        Assert.Equal(requests, result.Decisions.Select(d => d.Request));
        Assert.All(result.Decisions, decision => Assert.True(decision.IsAllowed));
        Assert.Equal(["arn:aws:s3:::b: s3:ListBucket", "arn:aws:s3:::b: s3:ListBucket", "arn:aws:s3:::b/x: s3:GetObject s3:DeleteObject"], _transport.Simulated);
        Call second = _transport.Calls[1];
        Assert.Equal(("aws:SecureTransport", "boolean", "true"), Context(second, 1));
        Assert.Equal(("s3:prefix", "string", "x/"), Context(second, 2));
    }

    [Fact]
    public async Task Simulate_reads_every_page()
    {
        _transport.PageSize = 1;
        SimulatedRequest[] requests = [.. new[] { "s3:GetObject", "s3:PutObject", "s3:DeleteObject" }.Select(a => new SimulatedRequest(a, "arn:aws:s3:::b/x", new Dictionary<string, string>()))];

        SimulationResult result = (await _reader.SimulateAsync(new SimulationQuery(Principal, requests, []), Cancel)).Value!;

        Assert.Equal(requests, result.Decisions.Select(d => d.Request));
        Assert.Equal(3, _transport.Calls.Count);
    }

    [Fact]
    public async Task Simulate_asks_one_by_one_for_actions_that_IAM_does_not_take_together()
    {
        _transport.Unmixable = true;
        SimulatedRequest[] requests = [.. new[] { "s3:GetObject", "s3:New" }.Select(a => new SimulatedRequest(a, "arn:aws:s3:::b/x", new Dictionary<string, string>()))];

        SimulationResult result = (await _reader.SimulateAsync(new SimulationQuery(Principal, requests, []), Cancel)).Value!;

        Assert.Equal(2, result.Decisions.Count);
        Assert.Equal(["arn:aws:s3:::b/x: s3:GetObject s3:New", "arn:aws:s3:::b/x: s3:GetObject", "arn:aws:s3:::b/x: s3:New"], _transport.Simulated);
    }

    [Fact]
    public async Task Simulate_goes_without_the_buckets_policy_where_IAM_refuses_it_and_says_so()
    {
        _transport.RefusesPolicies = true;
        var request = new SimulatedRequest("s3:GetObject", "arn:aws:s3:::b/x", new Dictionary<string, string>());

        SimulationResult result = (await _reader.SimulateAsync(new SimulationQuery(Principal, [request], [new BucketStatement("statement 1", "{}")]), Cancel)).Value!;

        Assert.False(result.WithBucketPolicy);
    }

    [Fact]
    public async Task Simulate_that_leaves_a_request_out_is_no_answer()
    {
        _transport.Forgets = "s3:GetObject";
        var request = new SimulatedRequest("s3:GetObject", "arn:aws:s3:::b/x", new Dictionary<string, string>());

        AwsFailure failure = (await _reader.SimulateAsync(new SimulationQuery(Principal, [request], []), Cancel)).Failure!;

        Assert.Equal((AwsFailureKind.Unreachable, "IAM's simulation gave no decision for s3:GetObject on arn:aws:s3:::b/x"), (failure.Kind, failure.Message));
    }

    private static IamPrincipal Principal => Validation.Access.FakeIam.Principal;

    private static (string? Key, string? Type, string? Value) Context(Call call, int number) => (
        call.Parameters[$"ContextEntries.member.{number}.ContextKeyName"],
        call.Parameters[$"ContextEntries.member.{number}.ContextKeyType"],
        call.Parameters[$"ContextEntries.member.{number}.ContextKeyValues.member.1"]);

    private sealed record Call(string Host, string Authorization, string Day, System.Collections.Specialized.NameValueCollection Parameters);

    /// <summary>An AWS that knows one role and allows everything.</summary>
    private sealed class Transport : HttpMessageHandler
    {
        private const string Namespace = "xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"";

        public List<Call> Calls { get; } = [];

        public List<string> Simulated { get; } = [];

        public string? Account { get; set; } = Own;

        public string? Boundary { get; set; }

        public int PageSize { get; set; } = 100;

        public bool Unmixable { get; set; }

        public bool RefusesPolicies { get; set; }

        public string? Forgets { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string body = await request.Content!.ReadAsStringAsync(cancellationToken);
            string day = request.Headers.GetValues("X-Amz-Date").Single()[..8];
            var call = new Call(request.RequestUri!.Host, string.Join(' ', request.Headers.GetValues("Authorization")), day, HttpUtility.ParseQueryString(body));
            Calls.Add(call);
            (HttpStatusCode status, string xml) = call.Parameters["Action"] switch
            {
                "GetCallerIdentity" when Account is null => Refuse("AccessDenied", "no"),
                "GetCallerIdentity" => (HttpStatusCode.OK, $"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>{Account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""),
                "GetRole" => (HttpStatusCode.OK, GetRole(call)),
                _ => Simulate(call.Parameters),
            };
            return new HttpResponseMessage(status) { Content = new StringContent(xml, null, "text/xml") };
        }

        private string GetRole(Call call)
        {
            string partition = call.Host.EndsWith(".cn", StringComparison.Ordinal) ? "aws-cn" : call.Host.Contains("us-gov", StringComparison.Ordinal) ? "aws-us-gov" : "aws";
            string boundary = Boundary is null ? "" : $"<PermissionsBoundary><PermissionsBoundaryArn>{Boundary}</PermissionsBoundaryArn></PermissionsBoundary>";
            return $"<GetRoleResponse {Namespace}><GetRoleResult><Role><Arn>arn:{partition}:iam::{Own}:role/team/pull</Arn>{boundary}</Role></GetRoleResult></GetRoleResponse>";
        }

        private (HttpStatusCode Status, string Xml) Simulate(System.Collections.Specialized.NameValueCollection parameters)
        {
            string[] actions = [.. Enumerable.Range(1, 100).Select(i => parameters[$"ActionNames.member.{i}"]).OfType<string>()];
            string resource = parameters["ResourceArns.member.1"]!;
            Simulated.Add($"{resource}: {string.Join(' ', actions)}");
            if (Unmixable && actions.Length > 1)
            {
                return Refuse("InvalidInput", "Invalid Input Actions: [s3:GetObject] and [s3:New] require different authorization information.");
            }

            if (RefusesPolicies && parameters["PolicyInputList.member.1"] is not null)
            {
                return Refuse("InvalidInput", "The policy is not understood.");
            }

            int start = parameters["Marker"] is { } marker ? int.Parse(marker, System.Globalization.CultureInfo.InvariantCulture) : 0;
            bool more = start + PageSize < actions.Length;
            IEnumerable<string> members = actions.Skip(start).Take(PageSize).Where(action => action != Forgets).Select(action =>
                $"<member><EvalActionName>{action}</EvalActionName><EvalDecision>allowed</EvalDecision><ResourceSpecificResults><member>"
                + $"<EvalResourceName>{resource}</EvalResourceName><EvalResourceDecision>allowed</EvalResourceDecision></member></ResourceSpecificResults></member>");
            string truncated = more ? $"<IsTruncated>true</IsTruncated><Marker>{start + PageSize}</Marker>" : "<IsTruncated>false</IsTruncated>";
            return (HttpStatusCode.OK, $"<R {Namespace}><SimulatePrincipalPolicyResult>{truncated}<EvaluationResults>{string.Concat(members)}</EvaluationResults></SimulatePrincipalPolicyResult></R>");
        }

        private static (HttpStatusCode Status, string Xml) Refuse(string code, string message) =>
            (HttpStatusCode.BadRequest, $"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>");
    }
}
