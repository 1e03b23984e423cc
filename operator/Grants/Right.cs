namespace LocalRegistry.Operator.Grants;

/// <summary>One action on one resource that an identity needs.</summary>
/// <param name="Action">The action as IAM names it, such as <c>s3:GetObject</c>.</param>
/// <param name="Resource">The resource as a policy's statement names it: an ARN, with wildcards.</param>
/// <param name="Sample">One such resource without wildcards, for a simulation.</param>
/// <param name="Context">The condition keys that the real request carries, with their values, for a simulation.</param>
/// <param name="Why">What goes wrong without it.</param>
/// <param name="IsOptional">Whether the registry serves without it all the same.</param>
internal sealed record Right(
    string Action, string Resource, string Sample, IReadOnlyDictionary<string, string> Context, string Why, bool IsOptional = false);
