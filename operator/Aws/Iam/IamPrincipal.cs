namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>A role or user whose rights IAM can simulate.</summary>
/// <param name="Arn">Its ARN in IAM, with its path.</param>
/// <param name="Caller">The identity that it was found for: itself or, for a role, one of its sessions.</param>
/// <param name="Boundary">The ARN of the policy that bounds its permissions; null if there is none, or nobody asked.</param>
internal sealed record IamPrincipal(string Arn, CallerArn Caller, string? Boundary);
