using System.Text.Json.Nodes;
using k8s.Models;
using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Nothing rolls out unproven, and a check that fails takes nothing down.</summary>
public sealed class ValidationTests(BedFixture bed, ITestOutputHelper output) : ProductTest(bed, output)
{
    private static readonly TimeSpan CheckDeadline = TimeSpan.FromMinutes(2);

    // The shortest that the resource takes, and the time to notice.
    private static readonly TimeSpan RepeatDeadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_bucket_that_does_not_encrypt_gets_nothing_until_it_does()
    {
        await S3.CreateBucketAsync(Bucket, encrypted: false, Ct);
        Resource.Spec["validation"] = new JsonObject { ["interval"] = "1m" };
        await Resource.ApplyAsync(Ct);

        var condition = await Resource.WaitForAsync("BucketEncrypted", "False", CheckDeadline, Ct);

        Assert.Equal("NotEncrypted", condition.Reason);
        await Resource.WaitForAsync("Ready", "False", CheckDeadline, Ct);
        Assert.Null(await DaemonSetAsync(Ct));
        // What to change it to is written down all the same.
        Assert.Contains("s3:x-amz-server-side-encryption", await PoliciesAsync(), StringComparison.Ordinal);
        await S3.EncryptByDefaultAsync(Bucket, Ct);
        await Resource.WaitForAsync("BucketEncrypted", "True", RepeatDeadline, Ct);
        await WaitUntilReadyAsync();
        Assert.NotNull(await DaemonSetAsync(Ct));
    }

    [Fact]
    public async Task A_bucket_that_does_not_exist_is_named()
    {
        await Resource.ApplyAsync(Ct);

        var condition = await Resource.WaitForAsync("BucketEncrypted", "False", CheckDeadline, Ct);

        Assert.Equal("BucketNotFound", condition.Reason);
        Assert.Contains(Bucket, condition.Message, StringComparison.Ordinal);
        Assert.Null(await DaemonSetAsync(Ct));
    }

    [Fact]
    public async Task Credentials_that_may_not_read_the_bucket_get_nothing()
    {
        var secret = $"{Resource.Name}-stranger";
        await S3.AdminAsync(
            ["user", "create", "--uid", secret, "--display-name", secret, "--access-key", "AKIASTRANGER", "--secret-key", "strangersecret"], Ct);
        await Product.PutSecretAsync(Cluster, secret, S3Server.CredentialsFileOf("AKIASTRANGER", "strangersecret"), Ct);
        Resource.Spec["credentials"]!["secretRef"]!["name"] = secret;
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        await Resource.ApplyAsync(Ct);

        var condition = await Resource.WaitForAsync("AccessGranted", "False", CheckDeadline, Ct);

        Assert.Contains("ListBucket", condition.Message, StringComparison.Ordinal);
        Assert.Null(await DaemonSetAsync(Ct));
    }

    [Fact]
    public async Task An_invalid_configuration_leaves_the_last_good_one_serving_until_it_is_mended()
    {
        await RollOutAsync();
        var before = await DaemonSetAsync(Ct);

        Resource.Config["auth"] = new JsonObject { ["htpasswd"] = new JsonObject { ["realm"] = "registry", ["path"] = "/etc/htpasswd" } };
        await Resource.ApplyAsync(Ct);
        var condition = await Resource.WaitForAsync("ConfigValid", "False", CheckDeadline, Ct);

        Assert.Contains("auth", condition.Message, StringComparison.Ordinal);
        await AssertUntouchedAsync(before!);
        Resource.Config.Remove("auth");
        Resource.Config["log"]!["level"] = "debug";
        await Resource.ApplyAsync(Ct);
        await WaitUntilReadyAsync();
        Assert.NotEqual(before!.Generation(), (await DaemonSetAsync(Ct))?.Generation());
    }

    private Task<string> PoliciesAsync() => Cluster.KubectlAsync(
        ["--namespace", Resource.Namespace, "get", "configmap", $"{Resource.Name}-aws-policies", "-o", "jsonpath={.data.bucket-policy\\.json}"], Ct);

    /// <summary>The DaemonSet is the very same, and a node's registry answers.</summary>
    private async Task AssertUntouchedAsync(V1DaemonSet before)
    {
        var after = await DaemonSetAsync(Ct);
        Assert.Equal((before.Uid(), before.Generation()), (after?.Uid(), after?.Generation()));
        await Server.RunInNetworkAsync("curl", ["--silent", "--fail", $"http://{Registry}/v2/"], Ct);
    }
}
