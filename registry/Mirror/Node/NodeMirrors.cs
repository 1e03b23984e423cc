using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>What a node's runtime is told, by <c>mirrors.yml</c>. The runtime's own configuration is read anew for every look.</summary>
/// <param name="configuration">The configuration; it has a runtime.</param>
internal sealed class NodeMirrors(MirrorConfiguration configuration)
{
    private readonly NodeRuntime _runtime = configuration.Runtime!;

    /// <summary>Compares, and changes nothing.</summary>
    public NodeLook Inspect() => Look(writer => writer.Inspect());

    /// <summary>Writes what differs.</summary>
    public NodeLook Apply() => Look(writer => writer.Apply());

    /// <summary>Puts back everything of this owner.</summary>
    public NodeReport Restore() => Restore(configuration.Owner, _runtime.Kind, _runtime.Directories[0]);

    /// <summary>Puts back everything of an owner, for which nothing need be known of its mirrors.</summary>
    public static NodeReport Restore(string owner, RuntimeKind kind, string directory)
    {
        // The registry's address is for writing, which this does not.
        IMirrorWriter writer = MirrorWriters.For(kind, owner, [], new Uri("http://127.0.0.1"), [directory]);
        return NodeReports.Restored(writer.Restore(), owner, directory);
    }

    private NodeLook Look(Func<IMirrorWriter, IReadOnlyList<HostState>> look)
    {
        ContainerdSettings settings = _runtime.Kind == RuntimeKind.Containerd
            ? ContainerdSettings.Read(_runtime)
            : new ContainerdSettings(_runtime.Directories, null, null);
        int hosts = configuration.Mirrors.Count;
        if (settings.Problem is { } problem)
        {
            return new NodeLook(NodeReports.Blocked(problem, hosts), IsBlocked: true, Differs: false);
        }

        IMirrorWriter writer = MirrorWriters.For(
            _runtime.Kind, configuration.Owner, configuration.Mirrors, new Uri($"http://{configuration.Registry}"), settings.Roots);
        IReadOnlyList<HostState> states = look(writer);
        return new NodeLook(NodeReports.Of(states, hosts, settings.Doubt), IsBlocked: false, states.Any(s => s.Reason == NodeReasons.NotWritten));
    }
}

/// <summary>What was seen of a node.</summary>
/// <param name="Report">The sum of it.</param>
/// <param name="IsBlocked">Whether the runtime's own configuration keeps mirrors from working, so that nothing is written.</param>
/// <param name="Differs">Whether files are to be written.</param>
internal readonly record struct NodeLook(NodeReport Report, bool IsBlocked, bool Differs);
