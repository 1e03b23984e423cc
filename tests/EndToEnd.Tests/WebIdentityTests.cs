using System.Text.Json.Nodes;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A role for the registry's ServiceAccount (IRSA): the cluster's own tokens, taken by a token service that looks at them.</summary>
public sealed class WebIdentityTests(BedFixture bed, ClusterIssuer issuer, ITestOutputHelper output) : ProductTest(bed, output), IClassFixture<ClusterIssuer>
{
    private static readonly TimeSpan CheckDeadline = TimeSpan.FromMinutes(2);

    private string Subject => $"system:serviceaccount:{Product.Namespace}:{Resource.Name}";

    [Fact]
    public async Task A_role_for_the_ServiceAccount_serves_a_pod_what_was_pushed_with_it()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        var role = await AskForRoleAsync(Subject);
        Resource.Spec["access"] = "ReadWrite";
        await Resource.ApplyAsync(Ct);
        await WaitUntilReadyAsync();

        var image = await PushAsync(Server, "team/web-identity");
        await TestPod.RunAsync(Cluster, "web-identity", Agent, image, Ct);
        await TestPod.DeleteAsync(Cluster, "web-identity", Ct);

        var granted = await Resource.WaitForAsync("AccessGranted", "True", CheckDeadline, Ct);
        Assert.Contains(role, granted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_for_another_audience_gets_nothing_and_both_are_told()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        var role = await AskForRoleAsync(Subject);
        Resource.Spec["credentials"]!["webIdentity"]!["audience"] = "another.example.com";
        await Resource.ApplyAsync(Ct);

        await AssertRefusedAsync(role, $"subject {Subject}, audience another.example.com and issuer {issuer.Provider.Issuer}");

        // What the message says to change is what mends it.
        Resource.Spec["credentials"]!["webIdentity"]!["audience"] = WebIdentityProvider.Audience;
        await Resource.ApplyAsync(Ct);
        await WaitUntilReadyAsync();
    }

    [Fact]
    public async Task A_role_that_trusts_another_ServiceAccount_gets_nothing_and_both_are_told()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        var role = await AskForRoleAsync($"system:serviceaccount:{Product.Namespace}:another");
        await Resource.ApplyAsync(Ct);

        await AssertRefusedAsync(role, $"subject {Subject}, audience {WebIdentityProvider.Audience} and issuer {issuer.Provider.Issuer}");
    }

    private async Task<string> AskForRoleAsync(string trusted)
    {
        var role = await issuer.Provider.CreateRoleAsync(Resource.Name, trusted, Bucket, Ct);
        Resource.Spec["credentials"] = new JsonObject { ["webIdentity"] = new JsonObject { ["roleArn"] = role } };
        return role;
    }

    private async Task AssertRefusedAsync(string role, string offered)
    {
        var condition = await Resource.WaitForAsync("AccessGranted", "False", CheckDeadline, Ct);
        Assert.Contains($"denies AssumeRoleWithWebIdentity for role {role}", condition.Message, StringComparison.Ordinal);
        Assert.Contains(offered, condition.Message, StringComparison.Ordinal);
        Assert.Null(await DaemonSetAsync(Ct));
    }
}
