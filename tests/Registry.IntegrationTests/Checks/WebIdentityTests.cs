using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LocalRegistry.Registry.Configuration.Check;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.Registry.IntegrationTests.Checks;

/// <summary>A role for the token of a ServiceAccount, at a token service that looks at signature, issuer, audience, subject and expiry.</summary>
public sealed class WebIdentityTests(S3Fixture s3) : IAsyncLifetime
{
    private const string Subject = "system:serviceaccount:local-registry:registry";

    private readonly RSA _key = RSA.Create(2048);
    private string _bucket = "";
    private string _issuer = "";
    private string _role = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        RSAParameters key = _key.ExportParameters(includePrivateParameters: false);
        string keys = JsonSerializer.Serialize(new
        {
            keys = new[] { new { use = "sig", kty = "RSA", kid = "k", alg = "RS256", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) } },
        });
        WebIdentityProvider provider = await WebIdentityProvider.CreateAsync(s3.Server, $"oidc-{Guid.NewGuid():N}", keys, Token);
        _bucket = await s3.CreateBucketAsync(encrypted: true);
        _issuer = provider.Issuer;
        _role = await provider.CreateRoleAsync($"r-{Guid.NewGuid():N}", Subject, _bucket, Token);
    }

    public ValueTask DisposeAsync()
    {
        _key.Dispose();
        return ValueTask.CompletedTask;
    }

    // The store's own token service is asked, named or not.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Check_with_the_token_that_the_role_trusts_proves_every_right(bool named)
    {
        CheckReport report = await CheckAsync(Sign(_key), named ? s3.Server.Endpoint.ToString() : null);

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
        string token = Sign(_key, audience, subject, seconds);

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
        using RSA other = RSA.Create(2048);

        CheckReport report = await CheckAsync(Sign(other), null);

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

    private string Sign(RSA key, string audience = WebIdentityProvider.Audience, string subject = Subject, int seconds = 3600)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string text = $"{Encode(new { alg = "RS256", kid = "k" })}.{Encode(new { iss = _issuer, sub = subject, aud = new[] { audience }, iat = now - 120, nbf = now - 120, exp = now + seconds })}";
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encode(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
