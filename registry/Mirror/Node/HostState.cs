namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>How one host stands with the node's runtime.</summary>
/// <param name="Host">The host as image names have it, or <c>*</c>.</param>
/// <param name="Reason">Null if it is as it should be, else one word of <see cref="Configuration.Mirrors.NodeReasons"/>.</param>
/// <param name="Message">Why, for people, with the path and what to do; empty if it is as it should be.</param>
internal readonly record struct HostState(string Host, string? Reason, string Message)
{
    /// <summary>The host is as it should be.</summary>
    public static HostState Good(string host) => new(host, null, "");

    /// <summary>The host is not, because of a file.</summary>
    public static HostState Of(string host, FileProblem problem) => new(host, problem.Reason, problem.Message);
}
