using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Operator.Telemetry;

namespace LocalRegistry.Operator.Restoration;

/// <summary>Puts the restoration together: what it needs, what has it look again, and what it counts.</summary>
internal static class RestorationLoop
{
    private const string Name = "restoration";

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<ConfiguredNodesStore>().AddSingleton<RestorationSurvey>().AddSingleton<RestorationRetries>().AddSingleton<RestorationEvents>();
        services.AddSingleton<RestoreFinalizer>().AddSingleton<Safeguard>().AddSingleton<Deletion>().AddSingleton<RestorationGauges>();
        services.AddSingleton<IEntityController<V1ConfigMap>, RestorationController>();
        services.AddSingleton<IReconcileLoop>(Build);
    }

    /// <summary>The resource that a ConfigMap of configured nodes is about; null if the ConfigMap is another. It has no owner to tell it by.</summary>
    public static ResourceKey? ResourceOf(V1ConfigMap configMap) =>
        ConfiguredNodesConfigMap.Is(configMap) ? ConfiguredNodesConfigMap.ResourceOf(configMap) : null;

    private static ReconcileLoop<V1ConfigMap> Build(IServiceProvider services)
    {
        // Nobody else asks for it: its instrument is called by the exporter.
        services.GetRequiredService<RestorationGauges>();
        Informer<V1ConfigMap> configMaps = services.GetRequiredService<Informer<V1ConfigMap>>();
        var loop = new ReconcileLoop<V1ConfigMap>(
            Name,
            configMaps,
            services.GetRequiredService<IEntityController<V1ConfigMap>>(),
            services.GetRequiredService<OperatorMetrics>(),
            TimeProvider.System,
            services.GetRequiredService<ILogger<ReconcileLoop<V1ConfigMap>>>())
        {
            IsEntity = ConfiguredNodesConfigMap.Is,
        };
        loop.Follow(services.GetRequiredService<Informer<V1Alpha1LocalRegistry>>(), registry => MemoryOf(ResourceKey.Of(registry)));
        loop.Follow(services.GetRequiredService<Informer<V1ControllerRevision>>(), r => OwnerMapper.ControllerOf<V1Alpha1LocalRegistry>(r) is { } resource ? MemoryOf(resource) : null);
        loop.Follow(services.GetRequiredService<Informer<V1Pod>>(), MemoryOf);
        // A node may bear the configuration of several resources, and there are few.
        loop.FollowAll(services.GetRequiredService<Informer<V1Node>>(), _ => configMaps.All.Where(ConfiguredNodesConfigMap.Is).Select(c => ResourceKey.Of(c)));
        return loop;
    }

    private static ResourceKey? MemoryOf(V1Pod pod) =>
        pod.GetLabel(Labels.Component) is Labels.NodeConfigComponent or Labels.NodeRestoreComponent && pod.GetLabel(Labels.Instance) is { } name
            ? MemoryOf(new ResourceKey(pod.Namespace(), name))
            : null;

    private static ResourceKey MemoryOf(ResourceKey resource) => new(resource.Namespace, Names.ConfiguredNodes(resource));
}
