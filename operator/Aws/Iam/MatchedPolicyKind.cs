namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>Whose a policy is.</summary>
internal enum MatchedPolicyKind
{
    /// <summary>A managed policy that is attached to the principal, or to a group of a user.</summary>
    Managed,

    /// <summary>A policy that is a part of the principal, or of a group of a user.</summary>
    Inline,

    /// <summary>The bucket's policy.</summary>
    Bucket,

    /// <summary>The policy that bounds the principal's permissions.</summary>
    Boundary,
}
