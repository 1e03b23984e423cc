using System.Net;
using LocalRegistry.Operator.IntegrationTests;
using LocalRegistry.Testbed;
using LocalRegistry.Testbed.Cases;
using Xunit;

[assembly: AssemblyFixture(typeof(AwsFixture))]

namespace LocalRegistry.Operator.IntegrationTests;

/// <summary>
/// What stands in for AWS: an S3 that enforces what it is told, and a control plane with policy simulation. One of each for all tests, each test
/// with buckets, roles and keys of its own.
/// </summary>
public sealed class AwsFixture : IAsyncLifetime
{
    private S3Server? _s3;
    private MotoServer? _moto;
    private IamSimulator? _iam;

    /// <summary>S3 with signatures, policies and encryption that are enforced.</summary>
    public S3Server S3 => _s3!;

    /// <summary>IAM, STS, KMS and every setting of a bucket; enforces nothing.</summary>
    public MotoServer Moto => _moto!;

    /// <summary><see cref="Moto"/> with policy simulation.</summary>
    public IamSimulator Iam => _iam!;

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await Task.WhenAll(StartS3Async(cancel), StartControlPlaneAsync(cancel));
        // Where the SDK finds AWS, for a configuration that names no endpoint of its own.
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_S3", Moto.Endpoint.ToString());
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_KMS", Moto.Endpoint.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (_iam is not null)
        {
            await _iam.DisposeAsync();
        }

        if (_moto is not null)
        {
            await _moto.DisposeAsync();
        }

        if (_s3 is not null)
        {
            await _s3.DisposeAsync();
        }

        await CasePage.CompleteAsync();
    }

    private async Task StartS3Async(CancellationToken cancel) => _s3 = await S3Server.StartAsync(_ => { }, cancel);

    private async Task StartControlPlaneAsync(CancellationToken cancel)
    {
        _moto = await MotoServer.StartAsync(_ => { }, cancel);
        _iam = await IamSimulator.StartAsync(_moto, IPAddress.Loopback, _ => { }, cancel);
    }
}
