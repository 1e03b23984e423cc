using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Networks;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalRegistry.Testbed;

/// <summary>A cluster and an S3 server on one network.</summary>
public sealed class Bed : IAsyncDisposable
{
    private readonly BedName _name;
    private readonly PodSweeper? _sweeper;

    private Bed(BedName name, Cluster cluster, S3Server s3)
    {
        _name = name;
        Cluster = cluster;
        S3 = s3;
        _sweeper = PodSweeper.For(cluster);
    }

    /// <summary>The cluster.</summary>
    public Cluster Cluster { get; }

    /// <summary>The S3 server, reachable from this machine, the nodes and the pods.</summary>
    public S3Server S3 { get; }

    /// <summary>
    /// Starts a bed, all its containers at once, after making the machine ready for it. A lasting bed whose containers run is taken over
    /// instead, unless its images are no longer the current ones.
    /// </summary>
    public static async Task<Bed> StartAsync(BedName name, Action<string> progress, CancellationToken ct)
    {
        await Machine.PrepareAsync(["tools", "node", "s3"], progress, ct);
        await Leftovers.RemoveAbandonedAsync(ct);
        if (name.Kept && await IsCurrentAsync(name, ct) && await FindAsync(name, ct) is { } running)
        {
            progress("the cluster and the S3 server of the last run are still there");
            return running;
        }

        await Leftovers.RemoveAsync(name, ct);
        progress("starting two nodes and an S3 server");
        try
        {
            var network = CreateNetwork(name);
            await network.CreateAsync(ct);
            await Task.WhenAll(ClusterContainers.StartAsync(name, network, ct), S3Server.StartAsync(name, network, ct));
            var bed = await FindAsync(name, ct) ?? throw new InvalidOperationException("a container ended right after its start");
            progress("both nodes are ready");
            return bed;
        }
        catch when (!name.Kept)
        {
            await Leftovers.RemoveAsync(name, CancellationToken.None);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_sweeper is not null)
        {
            await _sweeper.DisposeAsync();
        }

        Cluster.Dispose();
        if (!_name.Kept)
        {
            File.Delete(Cluster.KubeconfigPath);
            await Leftovers.RemoveAsync(_name, CancellationToken.None);
        }
    }

    private static INetwork CreateNetwork(BedName name)
    {
        var builder = new NetworkBuilder().WithName(name.Value).WithLogger(NullLogger.Instance);
        foreach (var (label, value) in Labels.Of(name, "network"))
        {
            builder = builder.WithLabel(label, value);
        }

        return builder.Build();
    }

    private static async Task<Bed?> FindAsync(BedName name, CancellationToken ct)
    {
        var s3 = await S3Server.FindAsync(name, ct);
        return s3 is not null && await Cluster.FindAsync(name, ct) is { } cluster ? new Bed(name, cluster, s3) : null;
    }

    private static async Task<bool> IsCurrentAsync(BedName name, CancellationToken ct)
    {
        (string Role, string Image)[] parts =
            [(ClusterContainers.Server, "NODE_IMAGE"), (ClusterContainers.Agent, "NODE_IMAGE"), (S3Server.Role, "S3_IMAGE")];
        foreach (var (role, image) in parts)
        {
            var current = await Docker.RunAsync(["image", "inspect", "--format", "{{.Id}}", Repository.Version(image)], ct);
            if ((await ContainerState.FindAsync(name, role, ct))?.ImageId != current.Trim())
            {
                return false;
            }
        }

        return true;
    }
}
