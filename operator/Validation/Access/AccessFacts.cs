using LocalRegistry.Operator.Aws;
using LocalRegistry.Operator.Aws.Iam;
using LocalRegistry.Operator.Grants;
using LocalRegistry.Registry.Configuration.Check;

namespace LocalRegistry.Operator.Validation.Access;

/// <summary>Everything about the registry's identity that checks ask for. What is null was not asked.</summary>
internal sealed record AccessFacts
{
    /// <summary>What the preflight found; null while none has ended.</summary>
    public CheckReport? Report { get; init; }

    /// <summary>Whether there is an IAM to ask: AWS's, or one that the environment names.</summary>
    public bool HasIam { get; init; } = true;

    /// <summary>The role or user in IAM (<c>iam:GetRole</c>).</summary>
    public AwsAnswer<IamPrincipal>? Principal { get; init; }

    /// <summary>The rights that the registry needs.</summary>
    public IReadOnlyList<Right> Rights { get; init; } = [];

    /// <summary>What the policies say to each of them, in their order (<c>iam:SimulatePrincipalPolicy</c>).</summary>
    public AwsAnswer<SimulationResult>? Needed { get; init; }

    /// <summary>Rights that it does not need.</summary>
    public IReadOnlyList<ExcessRight> Beyond { get; init; } = [];

    /// <summary>What the policies say to each of those, in their order.</summary>
    public AwsAnswer<SimulationResult>? Excess { get; init; }
}
