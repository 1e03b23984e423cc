namespace LocalRegistry.Operator.Aws.Iam;

/// <summary>One request that a principal would make.</summary>
/// <param name="Action">The action, as IAM names it.</param>
/// <param name="Resource">The ARN of what it would be made on, without wildcards.</param>
/// <param name="Context">The condition keys that it would carry, with their values.</param>
internal sealed record SimulatedRequest(string Action, string Resource, IReadOnlyDictionary<string, string> Context);
