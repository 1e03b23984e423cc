namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>A policy of which a statement matched.</summary>
/// <param name="Kind">Whose it is.</param>
/// <param name="Name">Its name; for the bucket's policy, which statement.</param>
internal sealed record MatchedPolicy(MatchedPolicyKind Kind, string Name)
{
    /// <summary>As messages name it.</summary>
    public override string ToString() => Kind switch
    {
        MatchedPolicyKind.Inline => $"inline policy \"{Name}\"",
        MatchedPolicyKind.Bucket => $"{Name} of the bucket's policy",
        MatchedPolicyKind.Boundary => $"permissions boundary \"{Name}\"",
        _ => $"policy \"{Name}\"",
    };
}
