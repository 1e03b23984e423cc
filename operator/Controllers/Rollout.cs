using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Runtime;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Operator.Controllers;

/// <summary>Applies a resource's objects, and removes those that nothing uses any more.</summary>
internal sealed class Rollout(
    KubernetesApi api,
    Applier applier,
    ILister<V1ServiceAccount> serviceAccounts,
    ILister<V1ConfigMap> configMaps,
    ILister<V1DaemonSet> daemonSets,
    ILister<V1Pod> pods)
{
    /// <summary>Makes what a pod of this plan needs to start, and leaves what pods of the plan that serves start with as it is.</summary>
    /// <returns>False if the ServiceAccount is someone else's: it is then used as it is.</returns>
    public async Task<bool> PrepareAsync(Owner owner, RolloutPlan plan, RolloutPlan? serving, CancellationToken cancel)
    {
        await applier.ApplyAsync(RegistryConfigMap.Build(owner, plan), configMaps, cancel);
        if (serving is not null && Names.ServiceAccount(owner, serving.Spec) == Names.ServiceAccount(owner, plan.Spec))
        {
            return true;
        }

        return await applier.ApplyAsync(RegistryServiceAccount.Build(owner, plan), serviceAccounts, cancel) is not null;
    }

    /// <summary>Brings the nodes to a plan.</summary>
    /// <param name="owner">The resource.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<RolloutResult> ApplyAsync(Owner owner, RolloutPlan plan, CancellationToken cancel)
    {
        var taken = new List<string>();
        await applier.ApplyAsync(RegistryServiceAccount.Build(owner, plan), serviceAccounts, cancel);
        V1ConfigMap configMap = RegistryConfigMap.Build(owner, plan);
        if (await applier.ApplyAsync(configMap, configMaps, cancel) is null)
        {
            taken.Add($"ConfigMap \"{configMap.Name()}\"");
        }

        V1DaemonSet? daemonSet = await applier.ApplyAsync(RegistryDaemonSet.Build(owner, plan), daemonSets, cancel);
        if (daemonSet is null)
        {
            taken.Add($"DaemonSet \"{Names.DaemonSet(owner)}\"");
        }

        return new RolloutResult(daemonSet, taken);
    }

    /// <summary>Writes the policies down that bucket, registry and operator need.</summary>
    /// <param name="owner">The resource.</param>
    /// <param name="plan">What it asks for, whether or not it is rolled out.</param>
    /// <param name="driver">The bucket that it names.</param>
    /// <param name="principal">The ARN of the role or user that the registry has or is to have, if it is known.</param>
    /// <param name="keyArn">The ARN of the KMS key that objects are encrypted with, if it is known.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>False if the ConfigMap's name is taken by someone else's.</returns>
    public async Task<bool> PublishPoliciesAsync(Owner owner, RolloutPlan plan, S3Driver driver, string? principal, string? keyArn, CancellationToken cancel) =>
        await applier.ApplyAsync(PoliciesConfigMap.Build(owner, plan, driver, principal, keyArn), configMaps, cancel) is not null;

    /// <summary>Removes ConfigMaps of earlier plans. Only for when a rollout is complete: before, pods of the earlier plan may still start.</summary>
    public async Task PruneAsync(Owner owner, IEnumerable<RolloutPlan> inUse, CancellationToken cancel)
    {
        IEnumerable<V1Pod> running = pods.List(owner.Namespace).Where(p => p.GetLabel(Labels.Instance) == owner.Name);
        HashSet<string> needed = [.. inUse.Select(p => Names.ConfigMap(owner, p.ConfigHash)), .. running.SelectMany(ConfigMapsOf)];
        foreach (V1ConfigMap unused in configMaps.List(owner.Namespace).Where(c =>
            OwnerMapper.IsControlledBy(c, owner.Uid) && c.GetLabel(Labels.Component) == Labels.RegistryComponent && !needed.Contains(c.Name())))
        {
            await api.DeleteAsync(unused, cancel);
        }
    }

    private static IEnumerable<string> ConfigMapsOf(V1Pod pod) =>
        pod.Spec.Volumes?.Select(v => v.ConfigMap?.Name).OfType<string>() ?? [];
}
