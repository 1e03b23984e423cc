using System.Net;
using LocalRegistry.Operator.IntegrationTests;
using LocalRegistry.Operator.IntegrationTests.Cases;
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
    private OddStore? _failing;
    private OddStore? _throttling;
    private OddStore? _refusing;
    private OddStore? _plain;

    /// <summary>S3 with signatures, policies and encryption that are enforced.</summary>
    public S3Server S3 => _s3!;

    /// <summary>IAM, STS, KMS and every setting of a bucket; enforces nothing.</summary>
    public MotoServer Moto => _moto!;

    /// <summary><see cref="Moto"/> with policy simulation.</summary>
    public IamSimulator Iam => _iam!;

    /// <summary>An IAM that fails at every call.</summary>
    public Uri Failing => _failing!.Endpoint;

    /// <summary>An IAM that is asked too often.</summary>
    public Uri Throttling => _throttling!.Endpoint;

    /// <summary>An IAM that does not know who asks.</summary>
    public Uri Refusing => _refusing!.Endpoint;

    /// <summary>An IAM that knows no call that it is asked for.</summary>
    public Uri Plain => _plain!.Endpoint;

    /// <summary>An address where nothing listens.</summary>
    public Uri Closed { get; } = new($"http://127.0.0.1:{FreePort.Find()}");

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await Task.WhenAll(StartS3Async(cancel), StartControlPlaneAsync(cancel));
        _failing = await OddStore.RefusingCallsAsync(500, "ServiceFailure", "An internal error occurred", cancel);
        _throttling = await OddStore.RefusingCallsAsync(400, "Throttling", "Rate exceeded", cancel);
        _refusing = await OddStore.RefusingCallsAsync(403, "InvalidClientTokenId", "The security token included in the request is invalid.", cancel);
        _plain = await OddStore.RefusingCallsAsync(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", cancel);
        // Where the SDK finds AWS, for a configuration that names no endpoint of its own.
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_S3", Moto.Endpoint.ToString());
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_KMS", Moto.Endpoint.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable?[] servers = [_iam, _moto, _s3, _failing, _throttling, _refusing, _plain];
        foreach (IAsyncDisposable server in servers.OfType<IAsyncDisposable>())
        {
            await server.DisposeAsync();
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
