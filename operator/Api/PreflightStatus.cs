using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Api;

/// <summary>The last preflight that gave an answer (<c>status.preflight</c>).</summary>
public sealed record PreflightStatus
{
    /// <summary>The Job that made it.</summary>
    public required string Job { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTime FinishedAt { get; init; }

    /// <summary>What was asked of the store: <c>ReadOnly</c> or <c>ReadWrite</c>.</summary>
    public required string Access { get; init; }

    /// <summary>Where the registry's credentials came from: <c>environment</c>, <c>web-identity</c>, <c>profile</c>, <c>container</c> or <c>instance</c>.</summary>
    public string? CredentialsFrom { get; init; }

    /// <summary>Every call that it made, and its answer.</summary>
    public IReadOnlyList<CheckResult> Calls { get; init; } = [];
}
