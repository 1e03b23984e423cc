using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>A preflight whose namespace takes no pod.</summary>
public sealed class JobQuotaTests(BedFixture bed, ITestOutputHelper output) : JobTest(bed, output)
{
    [Fact]
    public async Task A_quota_that_forbids_the_pod_is_told_until_it_is_gone()
    {
        await MoveToOwnNamespaceAsync($$"""
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: limit, namespace: {{Resource.Name}}}
            spec: {hard: {pods: "0"} }
            """);

        await AssertToldAsync("A ResourceQuota forbids the pod", "PreflightCannotStart", CheckDeadline);

        await Cluster.KubectlAsync(["--namespace", Resource.Namespace, "delete", "resourcequota", "limit"], Ct);
        await WaitUntilReadyAsync();
    }

    [Fact]
    public async Task A_limit_that_forbids_the_pod_is_told_until_it_is_gone()
    {
        await MoveToOwnNamespaceAsync($$"""
            apiVersion: v1
            kind: LimitRange
            metadata: {name: limit, namespace: {{Resource.Name}}}
            spec: {limits: [{type: Container, max: {memory: 32Mi} }]}
            """);

        await AssertToldAsync("A LimitRange forbids the pod", "PreflightCannotStart", CheckDeadline);

        await Cluster.KubectlAsync(["--namespace", Resource.Namespace, "delete", "limitrange", "limit"], Ct);
        await WaitUntilReadyAsync();
    }

    private async Task MoveToOwnNamespaceAsync(string limit)
    {
        Resource.MoveTo(Resource.Name);
        await Cluster.ApplyAsync($"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {Resource.Namespace}\n", Ct);
        await Cluster.ApplyAsync(limit, Ct);
        await Product.PutSecretAsync(Cluster, Product.RegistrySecret, S3Server.CredentialsFile, Ct, Resource.Namespace);
        await S3.CreateBucketAsync(Bucket, encrypted: true, Ct);
        await Resource.ApplyAsync(Ct);
    }
}
