using k8s.Models;
using LocalRegistry.Operator.Manifests;
using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Operator.Controllers;

/// <summary>Says when the nodes' runtimes may be told of other mirrors.</summary>
internal static class NodeConfigTurn
{
    /// <summary>
    /// Whether their turn has come: the registry is nearly everywhere, or the one that is there answers for every host already. A new pod waits for
    /// its registry to answer for all of its hosts, and the node is without any mirrors until then. With hosts only taken away it is the other way
    /// round: a pod that is still told of a host that its registry does not know any more must not stay for long.
    /// </summary>
    /// <param name="registry">The registry's DaemonSet as it now is.</param>
    /// <param name="told">The <c>mirrors.yml</c> that the nodes' runtimes were told of last; null if there is none, or it is not known.</param>
    /// <param name="asked">The one that they are to be told of.</param>
    public static bool HasCome(V1DaemonSet registry, string? told, string asked) =>
        RolloutPace.HasReachedEnough(registry) || (told is not null && (told == asked || AnswersFor(Read(told), Read(asked))));

    private static bool AnswersFor(MirrorConfiguration? told, MirrorConfiguration? asked) =>
        told is not null && asked is not null
        && told.Registry.ToString() == asked.Registry.ToString()
        && asked.Mirrors.Select(m => m.Host).All(told.Mirrors.Select(m => m.Host).ToHashSet().Contains);

    private static MirrorConfiguration? Read(string mirrors) => MirrorConfigurationReader.Read(mirrors).Value;
}
