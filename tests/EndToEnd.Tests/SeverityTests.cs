using System.Text.Json.Nodes;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>What a user takes upon himself: checks that only warn, all of them or one.</summary>
public sealed class SeverityTests(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    [Fact]
    public async Task Mode_Warn_rolls_out_on_a_bucket_that_does_not_encrypt_and_goes_on_telling()
    {
        Resource.Spec["validation"] = new JsonObject { ["mode"] = "Warn" };

        await RollOutUnencryptedAsync();

        var condition = await Resource.WaitForAsync("BucketEncrypted", "False", RolloutDeadline, Ct);
        Assert.Equal("NotEncrypted", condition.Reason);
    }

    [Fact]
    public async Task One_check_that_only_warns_lets_a_bucket_that_does_not_encrypt_through()
    {
        Resource.Spec["validation"] = new JsonObject { ["checks"] = new JsonObject { ["encryption"] = "Warn" } };

        await RollOutUnencryptedAsync();

        var condition = await Resource.WaitForAsync("BucketEncrypted", "True", RolloutDeadline, Ct);
        Assert.Equal("PassedWithWarnings", condition.Reason);
        Assert.Contains("encryption (warning): ", condition.Message, StringComparison.Ordinal);
    }

    private async Task RollOutUnencryptedAsync()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: false, Ct);
        await Resource.ApplyAsync(Ct);

        var ready = await Resource.WaitForAsync("Ready", "True", RolloutDeadline, Ct);
        Assert.Equal("ServingWithWarnings", ready.Reason);
        var check = await Resource.WaitForCheckAsync("encryption", "NotEncrypted", RolloutDeadline, Ct);
        Assert.Equal("Failed", check.Outcome);
        await Server.RunInNetworkAsync("curl", ["--silent", "--fail", $"http://{Registry}/v2/"], Ct);
    }
}
