using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>The file that holds the last report, for the readiness probe. Whoever reads it finds a whole one.</summary>
/// <param name="path">Where it lies; its folder exists.</param>
internal sealed class StatusFile(string path)
{
    // It is written anew with every look: those are 15 s apart, and even one that has to wait for everything takes no longer than half a minute.
    private static readonly TimeSpan LongestAge = TimeSpan.FromMinutes(1);

    /// <summary>Replaces it.</summary>
    /// <returns>Null, or why it could not be written.</returns>
    public string? Write(NodeReport report)
    {
        string coming = path + ".new";
        try
        {
            File.WriteAllText(coming, report.ToJson());
            File.Move(coming, path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Reads it.</summary>
    /// <param name="report">The report; null if there is none.</param>
    /// <returns>Null, or why there is none.</returns>
    public string? Read(out NodeReport? report)
    {
        report = null;
        try
        {
            report = NodeReport.Parse(File.ReadAllText(path));
            return report is null ? $"{path} holds no report" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"there is no report yet: {e.Message}";
        }
    }

    /// <summary>
    /// Whether all is done on the node that can be. A blocked node is: somebody has to see to it, and until then a pod that is not ready would
    /// only keep the other nodes from a rollout.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <returns>Null if it is, else why not.</returns>
    public string? WhyNotReady(DateTimeOffset now)
    {
        if (Read(out NodeReport? report) is { } problem)
        {
            return problem;
        }

        TimeSpan age = now - File.GetLastWriteTimeUtc(path);
        if (age > LongestAge)
        {
            return $"the last report is of {now - age:u}: node-config does not look at the node any more";
        }

        return report!.State is NodeState.Configured or NodeState.Blocked ? null : $"{report.Reason}: {report.Message}";
    }
}
