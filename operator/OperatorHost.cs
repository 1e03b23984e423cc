using System.Net;
using k8s;
using k8s.Models;
using LocalRegistry.Operator.Api;
using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Bucket;
using LocalRegistry.Operator.Aws.Calls;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Operator.Controllers;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;
using LocalRegistry.Operator.Restoration;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Operator.Telemetry;
using LocalRegistry.Operator.Validation;
using LocalRegistry.Operator.Validation.Access;
using LocalRegistry.Operator.Validation.Bucket;

namespace LocalRegistry.Operator;

/// <summary>Puts the operator together.</summary>
internal static class OperatorHost
{
    public static WebApplication Build(OperatorOptions options, KubernetesClientConfiguration cluster)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        // The rest is set as usual, by Logging__LogLevel__Default in the environment.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // The base image asks for a port of its own by environment, which would only give a warning.
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.HttpAddress.Ip ?? IPAddress.IPv6Any, options.HttpAddress.Port));
        // Longer than any call to the object store or the API server may take.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));

        IServiceCollection services = builder.Services;
        services.AddSingleton(options).AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new Kubernetes(cluster)).AddSingleton<IKubernetes>(s => s.GetRequiredService<Kubernetes>());
        services.AddSingleton<OperatorMetrics>().AddSingleton(Gauges).AddSingleton(Mirrors);
        services.AddSingleton(s => new AwsCalls(options.Aws, s.GetRequiredService<OperatorMetrics>()));
        MetricsEndpoint.Add(services);
        services.AddSingleton<KubernetesApi>().AddSingleton<Applier>();
        services.AddSingleton(s => new EventRecorder(
            s.GetRequiredService<KubernetesApi>(), options.Identity, TimeProvider.System, s.GetRequiredService<ILogger<EventRecorder>>()));
        services.AddSingleton(s => new LeaderElection(
            s.GetRequiredService<IKubernetes>(), options.LeaseNamespace, options.Identity, TimeProvider.System, s.GetRequiredService<ILogger<LeaderElection>>()));

        AddInformer<V1Alpha1LocalRegistry>(services, options, null);
        AddInformer<V1DaemonSet>(services, options, Labels.ManagedSelector);
        AddInformer<V1ConfigMap>(services, options, Labels.ManagedSelector);
        AddInformer<V1ServiceAccount>(services, options, Labels.ManagedSelector);
        AddInformer<V1ControllerRevision>(services, options, Labels.ManagedSelector);
        AddInformer<V1Job>(services, options, Labels.ManagedSelector);
        AddInformer<V1Pod>(services, options, Labels.ManagedSelector);
        services.AddSingleton(s => NodeInformer.Build(s.GetRequiredService<KubernetesApi>(), TimeProvider.System, s.GetRequiredService<ILogger<Informer<V1Node>>>()));
        AddInformer<V1Node>(services);

        services.AddSingleton<IBucketReader>(_ => new BucketReader(OperatorCredentials.ResolveAsync)).AddSingleton<BucketValidation>()
            .AddSingleton<IIamReader>(_ => new IamReader()).AddSingleton<AccessValidation>().AddSingleton<PreflightCheck>().AddSingleton<Proving>();
        services.AddSingleton<AppliedPlans>().AddSingleton<Rollout>().AddSingleton<StatusWriter>().AddSingleton<Transitions>();
        services.AddSingleton<ProofMemory>().AddSingleton<ProofPods>().AddSingleton<NodeConfigTrouble>().AddSingleton<MissingPods>().AddSingleton<MirrorProofs>();
        services.AddSingleton<IEntityController<V1Alpha1LocalRegistry>, LocalRegistryController>();
        services.AddSingleton<IReconcileLoop>(Loop);
        RestorationLoop.Add(services);
        services.AddHostedService<OperatorService>();

        WebApplication app = builder.Build();
        Health.Map(app);
        MetricsEndpoint.Map(app);
        // Nobody asks for it, or for the other gauges that it needs: their instruments are called by the exporter.
        app.Services.GetRequiredService<MirrorGauges>();
        app.Services.GetRequiredService<AwsCalls>().UseForAllClients();
        return app;
    }

    private static void AddInformer<T>(IServiceCollection services, OperatorOptions options, string? labelSelector)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        services.AddSingleton(s => new Informer<T>(
            s.GetRequiredService<KubernetesApi>(), options.WatchNamespace, labelSelector, TimeProvider.System, s.GetRequiredService<ILogger<Informer<T>>>()));
        AddInformer<T>(services);
    }

    private static void AddInformer<T>(IServiceCollection services)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        services.AddSingleton<IInformer>(s => s.GetRequiredService<Informer<T>>());
        services.AddSingleton<ILister<T>>(s => s.GetRequiredService<Informer<T>>());
    }

    private static ResourceGauges Gauges(IServiceProvider services)
    {
        LeaderElection election = services.GetRequiredService<LeaderElection>();
        Informer<V1Alpha1LocalRegistry> registries = services.GetRequiredService<Informer<V1Alpha1LocalRegistry>>();
        OperatorMetrics metrics = services.GetRequiredService<OperatorMetrics>();
        metrics.ObserveLeader(() => election.IsLeader);
        return new ResourceGauges(metrics, () => election.IsLeader, () => registries.All);
    }

    private static MirrorGauges Mirrors(IServiceProvider services) => new(
        services.GetRequiredService<OperatorMetrics>(),
        services.GetRequiredService<ResourceGauges>().Observed,
        services.GetRequiredService<ILister<V1DaemonSet>>(),
        services.GetRequiredService<ILister<V1Pod>>(),
        services.GetRequiredService<ILister<V1Node>>(),
        TimeProvider.System);

    private static ReconcileLoop<V1Alpha1LocalRegistry> Loop(IServiceProvider services)
    {
        var loop = new ReconcileLoop<V1Alpha1LocalRegistry>(
            "localregistry",
            services.GetRequiredService<Informer<V1Alpha1LocalRegistry>>(),
            services.GetRequiredService<IEntityController<V1Alpha1LocalRegistry>>(),
            services.GetRequiredService<OperatorMetrics>(),
            TimeProvider.System,
            services.GetRequiredService<ILogger<ReconcileLoop<V1Alpha1LocalRegistry>>>());
        loop.Follow(services.GetRequiredService<Informer<V1DaemonSet>>(), OwnerMapper.ControllerOf<V1Alpha1LocalRegistry>);
        loop.Follow(services.GetRequiredService<Informer<V1ConfigMap>>(), c => OwnerMapper.ControllerOf<V1Alpha1LocalRegistry>(c) ?? RestorationLoop.ResourceOf(c));
        loop.Follow(services.GetRequiredService<Informer<V1ServiceAccount>>(), OwnerMapper.ControllerOf<V1Alpha1LocalRegistry>);
        loop.Follow(services.GetRequiredService<Informer<V1ControllerRevision>>(), OwnerMapper.ControllerOf<V1Alpha1LocalRegistry>);
        loop.Follow(services.GetRequiredService<Informer<V1Job>>(), OwnerMapper.ControllerOf<V1Alpha1LocalRegistry>);
        loop.Follow(services.GetRequiredService<Informer<V1Pod>>(), ShortPodOwner, WakeAfter);
        return loop;
    }

    // Twenty proofs at a time, each with several changes, are looked at together.
    internal static TimeSpan WakeAfter(V1Pod pod) => pod.GetLabel(Labels.Component) == Labels.MirrorProofComponent ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;

    // Pods belong to Jobs and DaemonSets, whose label says whose those are; proofs' pods have the same labels. What a DaemonSet's pods come to, its
    // status sums up already.
    internal static ResourceKey? ShortPodOwner(V1Pod pod) =>
        pod.GetLabel(Labels.Component) is Labels.PreflightComponent or Labels.MirrorProofComponent && pod.GetLabel(Labels.Instance) is { } name
            ? new ResourceKey(pod.Namespace(), name)
            : null;
}
