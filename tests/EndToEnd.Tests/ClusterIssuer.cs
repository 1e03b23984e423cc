using LocalRegistry.Testbed;
using Xunit;

namespace LocalRegistry.EndToEnd.Tests;

/// <summary>Makes the cluster's issuer of ServiceAccount tokens known to the S3 server, as its admin would: its keys are published, IAM is told of it.</summary>
public sealed class ClusterIssuer(BedFixture bed) : IAsyncLifetime
{
    private WebIdentityProvider? _provider;

    public WebIdentityProvider Provider => _provider!;

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        var keys = await bed.Cluster.KubectlAsync(["get", "--raw", "/openid/v1/jwks"], ct);
        _provider = await WebIdentityProvider.CreateAsync(bed.S3, WebIdentityProvider.ClusterBucket, keys, ct);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
