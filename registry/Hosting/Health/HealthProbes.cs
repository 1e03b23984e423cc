using LocalRegistry.Registry.Configuration;
using LocalRegistry.Registry.Storage.Drivers;

namespace LocalRegistry.Registry.Hosting.Health;

/// <summary>Makes what the <c>health</c> section asks for.</summary>
internal static class HealthProbes
{
    public static IReadOnlyList<HealthProbe> Create(RegistryConfiguration configuration, IObjectStore store, TimeProvider time)
    {
        HealthConfiguration health = configuration.Health;
        var probes = new List<HealthProbe>();
        if (health.StorageDriver)
        {
            probes.Add(new StoreProbe(store, StoreFactory.NameOf(configuration.Storage.Driver), health));
        }

        probes.AddRange(health.Files.Select(check => new FileProbe(check)));
        if (health.Http.Count > 0)
        {
            // Connections are not kept: a name may point elsewhere by the next look. The probes live as long as the process, and it with them.
            var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Timeout.InfiniteTimeSpan };
            probes.AddRange(health.Http.Select(check => new HttpProbe(check, client, time)));
        }

        probes.AddRange(health.Tcp.Select(check => new TcpProbe(check, time)));
        return probes;
    }
}
