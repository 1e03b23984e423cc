using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Checks;

/// <summary>A role for the token of a ServiceAccount, at a token service that looks at signature, issuer, audience, subject and expiry.</summary>
public sealed class WebIdentityTests(S3Fixture s3) : IAsyncLifetime
{
    private const string Subject = "system:serviceaccount:local-registry:registry";

    private readonly TokenSigner _signer = new();
    private string _bucket = "";
    private string _issuer = "";
    private string _role = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        WebIdentityProvider provider = await WebIdentityProvider.CreateAsync(s3.Server, $"oidc-{Guid.NewGuid():N}", _signer.Keys, Token);
        _bucket = await s3.CreateBucketAsync(encrypted: true);
        _issuer = provider.Issuer;
        _role = await provider.CreateRoleAsync($"r-{Guid.NewGuid():N}", Subject, _bucket, Token);
    }

    public ValueTask DisposeAsync()
    {
        _signer.Dispose();
        return ValueTask.CompletedTask;
    }

    // The store's own token service is asked, named or not.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Check_with_the_token_that_the_role_trusts_proves_every_right(bool named)
    {
        CheckReport report = await CheckAsync(_signer.Sign(_issuer, Subject), named ? s3.Server.Endpoint.ToString() : null);

        Assert.True(report.Passed, report.ToJson());
        Assert.Equal(new CheckIdentity(null, "web-identity", _role), report.Identity);
        Assert.Equal(CheckOutcome.Passed, Assert.Single(report.Checks, c => c.Name == "MultipartCanary").Outcome);
    }

    public static TheoryData<string, string, int> Refused => new()
    {
        { "another-audience", Subject, 3600 },
        { WebIdentityProvider.Audience, "system:serviceaccount:local-registry:another", 3600 },
        { WebIdentityProvider.Audience, Subject, -60 },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Check_with_a_token_that_the_role_does_not_trust_tells_both_and_never_the_token(string audience, string subject, int seconds)
    {
        string token = _signer.Sign(_issuer, subject, audience, TimeProvider.System.GetUtcNow().AddSeconds(seconds));

        CheckReport report = await CheckAsync(token, null);

        CheckResult identity = Assert.Single(report.Checks);
        Assert.Equal(("Identity", CheckOutcome.Failed, "sts:AssumeRoleWithWebIdentity", _role), (identity.Name, identity.Outcome, identity.Action, identity.Resource));
        Assert.Contains($"denies AssumeRoleWithWebIdentity for role {_role} (AccessDenied", identity.Message, StringComparison.Ordinal);
        Assert.Contains(
            seconds < 0 ? "the pod's token expired at" : $"subject {subject}, audience {audience} and issuer {_issuer}", identity.Message, StringComparison.Ordinal);
        Assert.All(token.Split('.'), part => Assert.DoesNotContain(part, report.ToJson(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_with_a_token_of_another_key_is_refused()
    {
        using var other = new TokenSigner();

        CheckReport report = await CheckAsync(other.Sign(_issuer, Subject), null);

        Assert.Equal(CheckOutcome.Failed, Assert.Single(report.Checks).Outcome);
    }

    private async Task<CheckReport> CheckAsync(string token, string? tokenService)
    {
        using var files = new RegistryFiles(RegistryFiles.DockerConfig(s3, _bucket), null);
        Dictionary<string, string> environment = RegistryProgram.VariablesFor(files);
        await File.WriteAllTextAsync(files.Answer, token, Token);
        environment["AWS_ROLE_ARN"] = _role;
        environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = files.Answer;
        if (tokenService is not null)
        {
            environment["AWS_ENDPOINT_URL_STS"] = tokenService;
        }

        CommandResult result = await CommandLine.RunAsync(
            RegistryProgram.Path, RegistryProgram.Arguments("check", files.Config), new CommandOptions { AnyExitCode = true, Environment = environment }, Token);

        CheckReport? report = CheckReport.TryParse(result.Output);
        Assert.True(report is not null, result.Error);
        return report;
    }
}
