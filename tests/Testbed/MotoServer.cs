using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.S3;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Networks;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalRegistry.Testbed;

/// <summary>
/// AWS's control plane in a container (moto): IAM, STS, KMS and the settings of S3 buckets. It checks no signature, and it does not enforce
/// what it keeps: what a policy allows is asked of <see cref="IamSimulator"/> or of <see cref="S3Server"/>.
/// </summary>
public sealed class MotoServer : IAsyncDisposable
{
    /// <summary>The account that everything lies in.</summary>
    public const string Account = "123456789012";

    internal const string Role = "moto";
    private const int Port = 5000;

    private readonly BedName _bed;

    private MotoServer(BedName bed, ContainerState container)
    {
        _bed = bed;
        Endpoint = new Uri($"http://{container.Address}:{Port}");
    }

    /// <summary>The server's address, the same from this machine, from the nodes and from their pods.</summary>
    public Uri Endpoint { get; }

    /// <summary>Starts a server of its own, for tests that need no cluster. Disposing removes it.</summary>
    public static async Task<MotoServer> StartAsync(Action<string> progress, CancellationToken ct)
    {
        await Machine.PrepareAsync(["tools", "s3"], progress, ct);
        await Leftovers.RemoveAbandonedAsync(ct);
        return await StartAsync(BedName.Passing(), null, ct);
    }

    /// <summary>A client of its S3, which keeps every setting of a bucket and enforces none.</summary>
    public AmazonS3Client CreateS3Client() => new(new BasicAWSCredentials("AKIAADMIN", "any"), new AmazonS3Config
    {
        ServiceURL = Endpoint.ToString(),
        AuthenticationRegion = "us-east-1",
        ForcePathStyle = true,
    });

    /// <summary>Makes one call of IAM as somebody who may do everything, such as <c>CreateRole</c>; the SDK has no package for it here.</summary>
    /// <inheritdoc cref="IamQuery.CallAsync"/>
    public Task<XDocument> IamAsync(string action, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken ct) =>
        IamQuery.CallAsync(Endpoint, "AKIAADMIN", action, parameters, ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_bed.Kept)
        {
            await Leftovers.RemoveAsync(_bed, CancellationToken.None);
        }
    }

    internal static async Task<MotoServer> StartAsync(BedName bed, INetwork? network, CancellationToken ct)
    {
        var builder = new ContainerBuilder(Repository.Version("S3_IMAGE"))
            .WithCommand("moto_server", "-H", "0.0.0.0", "-p", $"{Port}")
            .WithName($"{bed.Value}-{Role}")
            .WithHostname(Role)
            .WithLabel(Labels.Of(bed, Role))
            .WithLogger(NullLogger.Instance)
            .WithWaitStrategy(DotNet.Testcontainers.Builders.Wait.ForUnixContainer().UntilMessageIsLogged("Running on http://127.0.0.1"));
        if (network is not null)
        {
            builder = builder.WithNetwork(network).WithNetworkAliases(Role);
        }

        await builder.Build().StartAsync(ct);
        return await FindAsync(bed, ct) ?? throw new InvalidOperationException("moto ended right after its start");
    }

    internal static async Task<MotoServer?> FindAsync(BedName bed, CancellationToken ct) =>
        await ContainerState.FindAsync(bed, Role, ct) is { } container ? new MotoServer(bed, container) : null;
}
