using LocalRegistry.Operator.Api;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.IntegrationTests.Preflight;

/// <summary>A registry as somebody may have set it up, and what its preflight makes the operator tell him.</summary>
/// <param name="Given">What is set up, in a few words.</param>
/// <param name="SetUp">Sets it up.</param>
/// <param name="Told">What is told, by each check that has something to tell.</param>
internal sealed record PreflightCase(string Given, Func<PreflightScene, Task> SetUp, params IReadOnlyList<Told> Told)
{
    /// <summary>Whether nodes push.</summary>
    public AccessMode Access { get; init; } = AccessMode.ReadOnly;

    public override string ToString() => Given;
}

/// <summary>How one check ends.</summary>
internal sealed record Told(string Check, CheckOutcome Outcome, string Reason)
{
    /// <summary>The real calls have this answer.</summary>
    public static Told Proof(CheckOutcome outcome, string reason) => new("liveProof", outcome, reason);

    /// <summary>Who the registry is has this answer.</summary>
    public static Told Identity(CheckOutcome outcome, string reason) => new("identity", outcome, reason);

    /// <summary>Whether it is somebody of its own has this answer.</summary>
    public static Told Node(CheckOutcome outcome, string reason) => new("nodeIdentity", outcome, reason);
}
