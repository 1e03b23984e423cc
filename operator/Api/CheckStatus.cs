using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Api;

/// <summary>What one check last found (<c>status.checks</c>).</summary>
public sealed record CheckStatus
{
    /// <summary>The check, as in <c>spec.validation.checks</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How much depends on it.</summary>
    public required Severity Severity { get; init; }

    /// <summary>Whether what it asks for holds.</summary>
    public required CheckOutcome Outcome { get; init; }

    /// <summary>One of <see cref="Reasons"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>What was found and, if it does not hold, what to change.</summary>
    public required string Message { get; init; }
}
