namespace LocalRegistry.Registry.Configuration;

/// <summary>The <c>storage.maintenance.uploadpurging</c> section, if it is enabled.</summary>
public sealed record UploadPurgingConfiguration
{
    /// <summary>How long ago an upload must have begun to be purged (<c>age</c>).</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromHours(168);

    /// <summary>How often one of the registries of a bucket looks for such (<c>interval</c>).</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether what would be purged is only logged (<c>dryrun</c>).</summary>
    public bool DryRun { get; init; }
}
