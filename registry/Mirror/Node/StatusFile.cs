using LocalRegistry.Registry.Configuration.Mirrors;

namespace LocalRegistry.Registry.Mirror.Node;

/// <summary>The file that holds the last report, for the readiness probe. Whoever reads it finds a whole one.</summary>
/// <param name="path">Where it lies; its folder exists.</param>
internal sealed class StatusFile(string path)
{
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
}
