using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Operator.Mirroring;
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

    /// <summary>
    /// Brings the nodes to a plan: first the registry, and only when it can answer for all of the mirrors (<see cref="NodeConfigTurn"/>) the
    /// nodes' runtimes, which keep the mirrors that they have until then.
    /// </summary>
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

        if (MirrorsConfigMap.Build(owner, plan) is { } mirrors && await applier.ApplyAsync(mirrors, configMaps, cancel) is null)
        {
            taken.Add($"ConfigMap \"{mirrors.Name()}\"");
        }

        if (plan.Runtime is null)
        {
            // Its pods restore their nodes while they end. For nodes that take longer the registry of the plan stands in for no host.
            await RemoveNodeConfigAsync(owner, cancel);
        }

        V1DaemonSet? daemonSet = await applier.ApplyAsync(RegistryDaemonSet.Build(owner, plan), daemonSets, cancel);
        if (daemonSet is null)
        {
            taken.Add($"DaemonSet \"{Names.DaemonSet(owner)}\"");
        }

        if (NodeConfigDaemonSet.Build(owner, plan) is { } nodeConfig && daemonSet is not null
            && NodeConfigTurn.HasCome(daemonSet, ToldLast(owner, plan), plan.Mirrors!))
        {
            await ApplyNodeConfigAsync(owner, nodeConfig, taken, cancel);
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
        // A node that comes now gets what the node configuration's template names.
        V1PodSpec? configuring = NodeConfigPods.DaemonSetOf(owner, daemonSets)?.Spec?.Template?.Spec;
        HashSet<string> needed = [.. inUse.SelectMany(p => ConfigMapsOf(owner, p)), .. running.SelectMany(p => ConfigMapsOf(p.Spec)), .. ConfigMapsOf(configuring)];
        foreach (V1ConfigMap unused in configMaps.List(owner.Namespace).Where(c => OwnerMapper.IsControlledBy(c, owner.Uid)
            && c.GetLabel(Labels.Component) is Labels.RegistryComponent or Labels.MirrorsComponent && !needed.Contains(c.Name())))
        {
            await api.DeleteAsync(unused, cancel);
        }
    }

    // The mirrors.yml of the node configuration that is there.
    private string? ToldLast(Owner owner, RolloutPlan plan)
    {
        string? name = NodeConfigPods.DaemonSetOf(owner, daemonSets)?.Spec?.Template?.Spec?.Volumes?.FirstOrDefault(v => v.Name == NodeConfigPod.MirrorsVolume)?.ConfigMap?.Name;
        return name is null ? null
            : name == MirrorsConfigMap.NameOf(owner, plan) ? plan.Mirrors
            : configMaps.Get(new ResourceKey(owner.Namespace, name))?.Data?.TryGetValue(NodeConfigPod.MirrorsKey, out string? mirrors) == true ? mirrors : null;
    }

    private async Task ApplyNodeConfigAsync(Owner owner, V1DaemonSet nodeConfig, List<string> taken, CancellationToken cancel)
    {
        if (await applier.ApplyAsync(NodeConfigServiceAccount.Build(owner), serviceAccounts, cancel) is null)
        {
            // Someone else's may stand for rights, and root on every node must have none.
            taken.Add($"ServiceAccount \"{Names.NodeConfig(owner)}\"");
        }
        else if (await applier.ApplyAsync(nodeConfig, daemonSets, cancel) is null)
        {
            taken.Add($"DaemonSet \"{nodeConfig.Name()}\"");
        }
    }

    private async Task RemoveNodeConfigAsync(Owner owner, CancellationToken cancel)
    {
        if (NodeConfigPods.DaemonSetOf(owner, daemonSets) is { } daemonSet)
        {
            await api.DeleteAsync(daemonSet, cancel);
        }

        if (OwnerMapper.Controlled(serviceAccounts, new ResourceKey(owner.Namespace, Names.NodeConfig(owner)), owner.Uid) is { } account
            && account.GetLabel(Labels.Component) == Labels.NodeConfigComponent)
        {
            await api.DeleteAsync(account, cancel);
        }
    }

    private static IEnumerable<string> ConfigMapsOf(Owner owner, RolloutPlan plan) =>
        new[] { Names.ConfigMap(owner, plan.ConfigHash), MirrorsConfigMap.NameOf(owner, plan) }.OfType<string>();

    private static IEnumerable<string> ConfigMapsOf(V1PodSpec? pod) =>
        pod?.Volumes?.Select(v => v.ConfigMap?.Name).OfType<string>() ?? [];
}
