namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>A statement of a bucket's policy that speaks to the registry's identity, as a policy of that identity.</summary>
/// <param name="Label">How messages name it: by its Sid or, without one, by its place.</param>
/// <param name="Document">A policy with this one statement and no principal.</param>
internal sealed record BucketStatement(string Label, string Document);
